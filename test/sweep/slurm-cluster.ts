// A Slurm of two nodes on this machine, in a folder of its own, for tests: started, and ended by process id. It is used where
// Debian's packages slurm-wlm and munge are installed and the user is root; it installs nothing.
import { execFileSync, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";

const NODES = ["n1", "n2"];
/** Of three that no other test of this machine has. */
const FIRST_PORT = 20_000 + 3 * (process.pid % 4000);

export interface SlurmCluster {
  env: Record<string, string>;
  /** Runs a command that speaks with this cluster. */
  run(program: string, ...args: string[]): SpawnSyncReturns<string>;
  /** Ends a node with all that runs on it, as a power cut does. @returns the ids of its processes */
  cutPower(node: string): number[];
}

/** Why no cluster can be started here; undefined where one can. */
export function withoutSlurm(): string | undefined {
  const programs = ["slurmctld", "slurmd", "sbatch", "munged"];
  const missing = programs.filter(
    (name) => spawnSync("sh", ["-c", `PATH=$PATH:/usr/sbin command -v ${name}`]).status !== 0,
  );
  if (missing.length > 0) return `${missing.join(", ")} not installed (Debian: slurm-wlm munge)`;
  if (process.getuid?.() !== 0) return "only root can start Slurm's daemons";
  return undefined;
}

/** Starts a cluster that ends with the test. */
export async function startCluster(test: TestContext, folder: string): Promise<SlurmCluster> {
  for (const name of ["run", "state", "log"]) mkdirSync(join(folder, name), { recursive: true });
  const configuration = join(folder, "slurm.conf");
  const socket = join(folder, "run", "munge.socket");
  writeFileSync(configuration, slurmConf(folder, hostname().split(".")[0], socket));
  const env = { ...process.env, SLURM_CONF: configuration, PATH: `${process.env.PATH}:/usr/sbin` } as Record<
    string,
    string
  >;
  const run = (program: string, ...args: string[]) => spawnSync(program, args, { env, encoding: "utf8" });
  const must = (program: string, ...args: string[]) => {
    const { status, stderr, error } = run(program, ...args);
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${error ?? stderr}`);
  };
  const daemons = new Set<number>(); // the folder with their numbers may be gone by the end
  const note = () => {
    for (const name of ["n1", "n2", "ctld", "munge"]) daemons.add(pidIn(join(folder, "run", `${name}.pid`)));
  };
  test.after(() => {
    note();
    for (const pid of daemons) kill(pid);
    for (const pid of processesOf(configuration)) for (const one of [parentOf(pid), pid]) kill(one);
  });
  startMunge(folder, socket, env);
  must("slurmctld", "-c");
  for (const node of NODES) must("slurmd", "-N", node);
  for (let tries = 0; run("sinfo", "-h", "-t", "idle", "-o", "%D").stdout.trim() !== "2"; tries++) {
    if (tries > 100) throw new Error(`no idle nodes: ${run("sinfo").stdout}${run("sinfo").stderr}`);
    await delay(200);
  }
  note();
  return {
    env,
    run,
    cutPower(node) {
      const scripts = processesOf(`SLURMD_NODENAME=${node}\0`);
      const steps = scripts.map(parentOf); // slurmstepd, which would report that its script has ended
      const all = [pidIn(join(folder, "run", `${node}.pid`)), ...steps.flatMap(withDescendants)];
      for (const signal of ["SIGSTOP", "SIGKILL"] as const) for (const pid of all) kill(pid, signal);
      return all;
    },
  };
}

function startMunge(folder: string, socket: string, env: Record<string, string>): void {
  const key = join(folder, "run", "munge.key");
  writeFileSync(key, Buffer.alloc(128, 7), { mode: 0o400 });
  const options = [
    `--key-file=${key}`,
    `--socket=${socket}`,
    `--pid-file=${join(folder, "run", "munge.pid")}`,
  ];
  const files = [
    `--log-file=${join(folder, "log", "munge.log")}`,
    `--seed-file=${join(folder, "run", "munge.seed")}`,
  ];
  execFileSync("munged", [...options, ...files, "--num-threads=1", "--force"], { env, stdio: "ignore" });
}

function slurmConf(folder: string, host: string, socket: string): string {
  return `ClusterName=dolab
SlurmctldHost=${host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=${socket}
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SlurmctldPort=${FIRST_PORT}
SlurmdParameters=config_overrides
SlurmctldPidFile=${folder}/run/ctld.pid
SlurmdPidFile=${folder}/run/%n.pid
SlurmdSpoolDir=${folder}/spool-%n
StateSaveLocation=${folder}/state
SlurmctldLogFile=${folder}/log/ctld.log
SlurmdLogFile=${folder}/log/%n.log
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SlurmdTimeout=10
SchedulerParameters=batch_sched_delay=0,sched_interval=1
${NODES.map((node, i) => `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${FIRST_PORT + 1 + i} CPUs=1 RealMemory=4000`).join("\n")}
PartitionName=main Nodes=${NODES.join(",")} Default=YES MaxTime=INFINITE State=UP
`;
}

const pidIn = (file: string) => (existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);

function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    if (pid > 1) process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

/** Processes of jobs whose environment has this in it. */
const processesOf = (text: string): number[] =>
  pids().filter((pid) => {
    const environment = textOf(pid, "environ");
    return pid !== process.pid && environment.includes("SLURM_JOB_ID=") && environment.includes(text);
  });

const pids = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function textOf(pid: number, name: "cmdline" | "environ" | "stat"): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "latin1");
  } catch {
    return ""; // it has ended
  }
}

const parentOf = (pid: number) =>
  Number(
    textOf(pid, "stat")
      .replace(/^.*\) \S /s, "")
      .split(" ")[0],
  );

const withDescendants = (pid: number): number[] => [
  pid,
  ...pids()
    .filter((other) => parentOf(other) === pid)
    .flatMap(withDescendants),
];
