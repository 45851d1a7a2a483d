package dev.usher.benchmarks.speed;

/** Something that is measured, for ours and for the peers in one run. */
interface Scenario {

  /** How the command line calls it. */
  String name();

  void run(Surroundings around, Effort effort, Report report);
}
