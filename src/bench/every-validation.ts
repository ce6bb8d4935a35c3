// The validations, in the order in which they run. What needs a large library runs by name alone.
import { npz } from "./validation/npz";
import { statistics } from "./validation/statistics";
import { transformers } from "./validation/transformers";
import type { Validation } from "./validation/validation";

export const everyValidation: readonly Validation[] = [statistics, npz, transformers];
