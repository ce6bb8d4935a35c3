export { type Backend, type BackendName, backendNames, startBackend, tensorflow } from "./backend";
