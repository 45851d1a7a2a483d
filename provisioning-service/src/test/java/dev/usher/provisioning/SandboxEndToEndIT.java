package dev.usher.provisioning;

import dev.usher.provisioning.testing.Neighbours;
import dev.usher.provisioning.testing.SandboxNeighbours;

/** The main job between the sandbox's neighbours. */
final class SandboxEndToEndIT extends EndToEnd {

  @Override
  Neighbours neighbours() {
    return SandboxNeighbours.shared();
  }
}
