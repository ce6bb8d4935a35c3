// A data set in CIFAR-10's layout with few images a file, its archive, and other archives that are not as they should be.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Header } from "tar";
import { cifar10Layout } from "../../../src/data/cifar10-files";
import type { Dataset } from "../../../src/data/store/dataset";
import { createRandom } from "../../../src/random";

export const RECORDS = 4;

export const classNames = [
  "airplane",
  "automobile",
  "bird",
  "cat",
  "deer",
  "dog",
  "frog",
  "horse",
  "ship",
  "truck",
];

/** Random files: their bytes by name. */
export function smallFiles(seed = 0): Map<string, Buffer> {
  const rng = createRandom(seed);
  const files = new Map<string, Buffer>();
  for (const name of [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`).concat("test_batch.bin")) {
    const bytes = Buffer.from(Array.from({ length: RECORDS * 3073 }, () => rng.integer(0, 256)));
    for (let record = 0; record < RECORDS; record++) bytes[record * 3073] = rng.integer(0, 10);
    files.set(name, bytes);
  }
  return files.set("batches.meta.txt", Buffer.from(`${classNames.join("\n")}\n\n`));
}

export interface Entry {
  path: string;
  bytes?: Buffer;
  type?: "File" | "Directory" | "SymbolicLink" | "Link";
  linkpath?: string;
}

/** A gzipped tar file whose entries are taken as they are. */
export function archiveOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ path, bytes = Buffer.alloc(0), type = "File", linkpath }) => {
    const header = Buffer.alloc(512);
    new Header({ path, size: bytes.length, type, linkpath, mode: 0o644, mtime: new Date(0) }).encode(
      header,
      0,
    );
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** The entries of an archive as its authors would make it. */
export function entriesOf(files: Map<string, Buffer>): Entry[] {
  const folder = "cifar-10-batches-bin";
  return [
    { path: `${folder}/`, type: "Directory" },
    ...Array.from(files, ([name, bytes]) => ({ path: `${folder}/${name}`, bytes })),
    { path: `${folder}/readme.html`, bytes: Buffer.from("<p>read me</p>") },
  ];
}

/** What is published of an archive. */
export function datasetWith(archive: Buffer, url: string): Dataset {
  const md5 = createHash("md5").update(archive).digest("hex");
  return cifar10Layout(RECORDS, { archive: url, bytes: archive.length, md5 });
}

/** The list of checksums of a mirror with these files. */
export function sumsOf(files: Map<string, Buffer>): string {
  const sum = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");
  return Array.from(files, ([name, bytes]) => `${sum(bytes)}  ./cifar-10-batches-bin/${name}\n`).join("");
}

export function writeMirror(root: string, files: Map<string, Buffer>, sums = sumsOf(files)): void {
  mkdirSync(join(root, "cifar-10-batches-bin"), { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(root, "cifar-10-batches-bin", name), bytes);
  writeFileSync(join(root, "SHA256SUMS"), sums);
}
