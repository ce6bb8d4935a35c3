// dolab citris encode | intervene: what the model of a run makes of one's own frames.
import type { Command } from "commander";
import { citris, readShownRun } from "../experiments";
import { citris as experiment } from "../experiments/citris/experiment";
import { writeNpz } from "../io";
import { createRandom } from "../random";
import { renderStaticPictures } from "../report";
import { startBackend } from "../tensor";

interface ModelFlags {
  model: string;
  seed?: number;
  out: string;
}

/** Adds to the experiment's own command. */
export function addCitrisCommands(program: Command): void {
  const command = program.commands.find((one) => one.name() === "citris") as Command;
  const withModel = (sub: Command) =>
    sub
      .requiredOption("--model <folder>", "folder of a run (dolab citris run --out)")
      .option("--seed <n>", "which of the run's models (default: the first)", Number);

  withModel(command.command("encode"))
    .description("latents of the frames in an .npz file, and which factor each latent belongs to")
    .argument("<file.npz>", 'frames under the key "images" or "imgs": [..., size, size, 3 or 4], 0 to 255')
    .requiredOption("--out <file.npz>", "file to write: latents, assignment")
    .action(async (file: string, flags: ModelFlags) => {
      await startBackend();
      const { model } = loadModel(flags);
      const { frames, leading } = citris.readFrames(file, model.autoencoder.encoder.size);
      const latents = citris.latentsOf(model, frames);
      const assignment = Int32Array.from(model.assignment);
      writeNpz(flags.out, {
        latents: { shape: [...leading, model.citris.latents], data: latents },
        assignment: { shape: [assignment.length], data: assignment },
      });
      const names = [...model.factors.map(({ name }) => name), "psi_0"];
      console.log(`latents of: ${model.assignment.map((set, i) => `z${i + 1} ${names[set]}`).join(", ")}`);
      console.log(flags.out);
    });

  withModel(command.command("intervene"))
    .description("a picture of a scene under four interventions on one factor, beside the truth")
    .requiredOption(
      "--factor <name>",
      "position, rotation, spotlight, objectHue, spotlightHue or backgroundHue",
    )
    .option("--frame <n>", "which of the run's held-out scenes", Number, 0)
    .requiredOption("--out <file.png>", "picture to write")
    .action(async ({ factor, frame, ...flags }: ModelFlags & { factor: string; frame: number }) => {
      await startBackend();
      const { model, configuration } = loadModel(flags);
      citris.factorPlace(model, factor);
      const scenes = citris.heldOutScenes(configuration);
      const grid = citris.interventionGrid(model, scenes, factor, { frame, rng: createRandom(0) });
      const figure = citris.framesFigure(grid);
      const picture = { spec: figure, width: 900, height: 480, path: flags.out, scale: 1.5 };
      const { written, note } = await renderStaticPictures([picture]);
      for (const path of written) console.log(path);
      if (note) console.log(note);
    });
}

function loadModel({ model: folder, seed }: ModelFlags) {
  const { configuration } = readShownRun(experiment, folder);
  return { model: citris.loadSceneModel(folder, configuration, seed ?? configuration.seed), configuration };
}
