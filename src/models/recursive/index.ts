export { type LyapunovSpectrum, lyapunovSpectrum, type StepMap } from "./lyapunov-spectrum";
