// The validations, in the order in which they run. What needs a large library or minutes runs by name alone.
import { boolean } from "./validation/boolean";
import { npz } from "./validation/npz";
import { reasonersValidation } from "./validation/reasoners";
import { statistics } from "./validation/statistics";
import { sweep } from "./validation/sweep";
import { transformers } from "./validation/transformers";
import type { Validation } from "./validation/validation";
import { wscrlValidation } from "./validation/wscrl";

export const everyValidation: readonly Validation[] = [
  statistics,
  npz,
  boolean,
  transformers,
  sweep,
  reasonersValidation,
  wscrlValidation,
];
