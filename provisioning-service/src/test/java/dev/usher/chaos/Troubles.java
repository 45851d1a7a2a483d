package dev.usher.chaos;

import dev.usher.sandbox.Saas;
import dev.usher.sandbox.Sandbox;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes a plan of troubles come true. */
final class Troubles {

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final List<Trouble> plan;
  private final Sandbox sandbox;
  private final Instances instances;
  private final Witness witness;
  private final int allDue;
  private final Consumer<String> says;
  private final ScheduledExecutorService later =
      Executors.newScheduledThreadPool(
          2, Thread.ofPlatform().daemon().name("troubles-end").factory());
  private final Set<Integer> killed = ConcurrentHashMap.newKeySet();

  /**
   * @param says takes what happens
   */
  Troubles(
      List<Trouble> plan,
      Sandbox sandbox,
      Instances instances,
      Witness witness,
      int allDue,
      Consumer<String> says) {
    this.plan = plan;
    this.sandbox = sandbox;
    this.instances = instances;
    this.witness = witness;
    this.allDue = allDue;
    this.says = says;
  }

  /** One after the other, each when its time has come. */
  void run() throws InterruptedException {
    for (Trouble trouble : plan) {
      while (!witness.awaitAccounts((int) (trouble.at() * allDue), BETWEEN_LOOKS)) {
        lookAfterInstances();
      }
      lookAfterInstances();
      says.accept(trouble.toString());
      befall(trouble);
    }
    while (true) {
      boolean _ = witness.awaitAccounts(Integer.MAX_VALUE, BETWEEN_LOOKS);
      lookAfterInstances();
    }
  }

  /** An instance may end by itself, if what it waits for does not come; it is started again. */
  private void lookAfterInstances() {
    int dead = instances.replaceDead(List.copyOf(killed));
    if (dead > 0) {
      says.accept(dead + " instances had ended without being asked to, and were started again");
    }
  }

  private void befall(Trouble trouble) throws InterruptedException {
    switch (trouble) {
      case Trouble.Kill(_, int slot, Duration away) -> {
        int hit = kill(slot);
        after(away, () -> replace(hit));
      }
      case Trouble.Outage(_, Trouble.Neighbour neighbour, Duration away, int slot) -> {
        stop(neighbour);
        // In the middle of it: those that wait for the neighbour are waiting by then.
        Future<Integer> killing =
            later.schedule(() -> kill(slot), away.toMillis() / 2, TimeUnit.MILLISECONDS);
        Future<?> restarting =
            later.schedule(() -> restart(neighbour), away.toMillis(), TimeUnit.MILLISECONDS);
        int hit = join(killing);
        join(restarting);
        replace(hit);
      }
      case Trouble.Restart(_, int slot) -> {
        killed.add(slot);
        instances.end(slot);
        replace(slot);
      }
      case Trouble.Freeze(_, int slot, Duration still) -> {
        instances.freeze(slot);
        after(still, () -> instances.thaw(slot));
      }
      case Trouble.ServiceDown(_, String service, Duration away) -> {
        Saas saas = sandbox.saas(service);
        saas.stop();
        after(away, saas::restart);
      }
    }
  }

  private int kill(int slot) {
    int hit = instances.kill(slot);
    killed.add(hit);
    return hit;
  }

  private void replace(int slot) {
    instances.replace(slot);
    killed.remove(slot);
  }

  private void after(Duration time, Runnable end) {
    Future<?> _ = later.schedule(end, time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <T> T join(Future<T> part) throws InterruptedException {
    try {
      return part.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void stop(Trouble.Neighbour neighbour) {
    switch (neighbour) {
      case DATABASE -> sandbox.database().stop();
      case BROKER -> sandbox.broker().stop();
      case REGISTRY -> sandbox.registry().stop();
    }
  }

  private void restart(Trouble.Neighbour neighbour) {
    switch (neighbour) {
      case DATABASE -> sandbox.database().restart();
      case BROKER -> sandbox.broker().restart();
      case REGISTRY -> sandbox.registry().restart();
    }
  }

  /** Nothing more happens. */
  void end() {
    later.shutdownNow();
  }
}
