package dev.usher.provisioning.account;

import org.springframework.context.SmartLifecycle;

/**
 * A stage's turn when the application starts and stops. It stops from the outside in: first the
 * listeners take nothing more in, then attempts end, then announcements, then the desk hands back
 * what is left.
 */
public final class StageLifecycle implements SmartLifecycle {

  /** Whose turn it is. */
  public enum Turn {
    /** Starts first, stops last. */
    DESK,
    /** Between the two. */
    ANNOUNCING,
    /** Starts last, right before the listeners, and stops right after them. */
    PROVISIONING
  }

  /** Spring Kafka's listeners have the phase 100 below the latest; ours come before them. */
  private static final int BEFORE_LISTENERS = DEFAULT_PHASE - 1_000;

  private final Turn turn;
  private final Runnable start;
  private final Runnable stop;
  private volatile boolean running;

  /**
   * Takes its turn.
   *
   * @param start returns when the stage may be given work
   * @param stop returns when the stage has none any more
   */
  public StageLifecycle(Turn turn, Runnable start, Runnable stop) {
    this.turn = turn;
    this.start = start;
    this.stop = stop;
  }

  @Override
  public void start() {
    running = true;
    start.run();
  }

  @Override
  public void stop() {
    stop.run();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return BEFORE_LISTENERS
        + switch (turn) {
          case DESK -> 0;
          case ANNOUNCING -> 1;
          case PROVISIONING -> 2;
        };
  }
}
