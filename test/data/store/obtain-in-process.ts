// Asks for a data set in a process of its own; what it was asked comes as JSON, and what it found goes to standard output.
import process from "node:process";
import { obtainDataset } from "../../../src/data/store/obtain-dataset";

const { dataset, wanted, options } = JSON.parse(process.argv[2]);
obtainDataset(dataset, wanted, options).then((held) => process.stdout.write(JSON.stringify(held)));
