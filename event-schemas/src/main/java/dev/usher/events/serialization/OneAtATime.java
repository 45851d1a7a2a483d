package dev.usher.events.serialization;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Lets one question be asked once at a time: whoever asks it while it is being asked waits for the
 * same answer. Remembers nothing.
 */
final class OneAtATime<Q, A> {

  private final ConcurrentMap<Q, CompletableFuture<A>> asked = new ConcurrentHashMap<>();

  /**
   * Asks, or waits for who asks already.
   *
   * @param asking gets the answer; run on a thread of its own, so that an interrupt of one who
   *     waits concerns nobody else
   * @throws InterruptException if this thread was interrupted while it waited; it is so again then
   */
  A ask(Q question, Supplier<A> asking) {
    CompletableFuture<A> ours = new CompletableFuture<>();
    CompletableFuture<A> theirs = asked.putIfAbsent(question, ours);
    if (theirs != null) {
      return await(theirs);
    }
    Thread.ofVirtual().name("asking-the-registry").start(() -> answer(question, asking, ours));
    return await(ours);
  }

  private void answer(Q question, Supplier<A> asking, CompletableFuture<A> answer) {
    // Whoever comes after the answer must not be told it again, so it is taken away before it is
    // told.
    try {
      A result = asking.get();
      asked.remove(question, answer);
      answer.complete(result);
    } catch (Throwable e) {
      asked.remove(question, answer);
      answer.completeExceptionally(e);
    }
  }

  private static <A> A await(CompletableFuture<A> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException told) {
        throw told;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
