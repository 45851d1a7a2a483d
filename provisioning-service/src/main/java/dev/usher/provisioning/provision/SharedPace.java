package dev.usher.provisioning.provision;

import dev.usher.provisioning.provision.LimitStore.Used;
import dev.usher.provisioning.tenant.ServiceKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pace that all instances keep together: each takes blocks of permits from the service's
 * document. While that cannot be reached, nobody asks the service.
 */
final class SharedPace implements Pace {

  private static final Logger log = LoggerFactory.getLogger(SharedPace.class);
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration STORE_AWAY = Duration.ofSeconds(1);
  private static final int TRIES = 20;

  private final ServiceKey service;
  private final Allowance allowance;
  private final LimitStore store;
  private final InstantSource clock;
  private final Runnable wake;

  private Instant given = Instant.EPOCH;
  private Instant next = Instant.EPOCH;
  private int left;
  private Instant nothingUntil = Instant.EPOCH;
  private boolean asking;

  /**
   * @param wake is called when it is worth asking again earlier than was said
   */
  SharedPace(
      ServiceKey service,
      Allowance allowance,
      LimitStore store,
      InstantSource clock,
      Runnable wake) {
    this.service = service;
    this.allowance = allowance;
    this.store = store;
    this.clock = clock;
    this.wake = wake;
  }

  @Override
  public synchronized Duration take(int wanted) {
    Instant now = clock.instant();
    if (nothingUntil.isAfter(now)) {
      return Duration.between(now, nothingUntil);
    }
    while (left > 0 && lapses().isBefore(now)) {
      useUp();
    }
    if (left == 0) {
      if (!asking) {
        asking = true;
        Thread.startVirtualThread(() -> ask(wanted));
      }
      return SOON;
    }
    if (next.isAfter(now)) {
      return Duration.between(now, next);
    }
    useUp();
    return Duration.ZERO;
  }

  /** Those of a burst have times before they were given. */
  private Instant lapses() {
    return (next.isAfter(given) ? next : given).plus(LimitStore.BLOCK);
  }

  private void useUp() {
    left--;
    next = next.plus(allowance.interval());
  }

  private void ask(int wanted) {
    Allowance.Answer answer = new Allowance.Nothing(clock.instant().plus(STORE_AWAY));
    try {
      for (int tries = 0; tries < TRIES; tries++) {
        Used used = store.read(service);
        answer = allowance.block(used, clock.instant(), wanted);
        if (!(answer instanceof Allowance.Block block) || store.write(service, block.used())) {
          break;
        }
        // Another instance was quicker.
        answer = new Allowance.Nothing(clock.instant());
      }
    } catch (RuntimeException e) {
      log.warn(
          "The limits of `{}` cannot be read, so that it is not asked: {}", service, e.toString());
      answer = new Allowance.Nothing(clock.instant().plus(STORE_AWAY));
    }
    take(answer);
    wake.run();
  }

  private synchronized void take(Allowance.Answer answer) {
    asking = false;
    switch (answer) {
      case Allowance.Block block -> {
        given = block.given();
        next = block.first();
        left = block.count();
      }
      case Allowance.Nothing nothing -> nothingUntil = nothing.until();
    }
  }

  @Override
  public void pause(Duration time) {
    Instant until = clock.instant().plus(time);
    synchronized (this) {
      left = 0;
      nothingUntil = until;
    }
    Thread.startVirtualThread(
        () -> {
          try {
            store.pause(service, until);
          } catch (RuntimeException e) {
            log.warn("Other instances are not told to leave `{}` alone: {}", service, e.toString());
          }
        });
  }
}
