export { type ConvVae, convVaeVariables, createConvVae, decodeConvVae, encodeConvVae } from "./conv-vae";
export { type ConvVaeLoss, type ConvVaeLossOptions, convVaeLoss } from "./conv-vae-loss";
export { type Gaussian, klFromStandardNormal, sampleGaussian } from "./gaussian";
