// The validations, in the order in which they run. What is compared with torch will stand here too.
import { npz } from "./validation/npz";
import { statistics } from "./validation/statistics";
import type { Validation } from "./validation/validation";

export const everyValidation: readonly Validation[] = [statistics, npz];
