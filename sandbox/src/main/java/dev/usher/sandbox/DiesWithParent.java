package dev.usher.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs another main class in a child JVM and ends when standard input does. The operating system
 * closes that pipe with the parent, however the parent dies, so no child is ever left behind.
 */
final class DiesWithParent {

  private static final long ORDERLY_SECONDS = 5;

  private DiesWithParent() {}

  /** Takes the name of the class to run, then that class's own arguments. */
  public static void main(String[] args) throws ReflectiveOperationException {
    Thread.ofPlatform().daemon().name("dies-with-parent").start(DiesWithParent::exitAtEndOfInput);
    String[] rest = Arrays.copyOfRange(args, 1, args.length);
    Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
  }

  private static void exitAtEndOfInput() {
    try {
      System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // A broken pipe says the same as a closed one.
    }
    CompletableFuture.delayedExecutor(ORDERLY_SECONDS, TimeUnit.SECONDS, Runnable::run)
        .execute(() -> Runtime.getRuntime().halt(1));
    Runtime.getRuntime().exit(0);
  }
}
