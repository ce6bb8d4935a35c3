export { createResNet18, type ResNet18Parameters, resNet18 } from "./resnet18";
