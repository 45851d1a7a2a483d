package dev.usher.provisioning.intake;

import java.util.Base64;
import java.util.BitSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters of one partition were replayed: all before a position, and some of those
 * behind it. It is kept as the committed offset of a consumer group, with a bit for each of the
 * others in its metadata, of which Kafka takes 4 KB.
 */
final class Replayed {

  /** How far behind the first that was not replayed others can be noted. */
  static final int REACH = 24_000;

  private long position;
  private BitSet beyond;

  private Replayed(long position, BitSet beyond) {
    this.position = position;
    this.beyond = beyond;
  }

  /**
   * As it was kept.
   *
   * @param kept null if nothing was
   * @param beginning the first offset that the topic still has
   * @param end the one behind its last; a topic that ends before what was kept is another by now
   */
  static Replayed of(@Nullable OffsetAndMetadata kept, long beginning, long end) {
    Replayed replayed =
        kept == null || kept.offset() > end
            ? new Replayed(beginning, new BitSet())
            : new Replayed(
                kept.offset(), BitSet.valueOf(Base64.getDecoder().decode(kept.metadata())));
    replayed.moveTo(Math.max(replayed.position, beginning));
    return replayed;
  }

  /** The first that was not replayed. */
  long position() {
    return position;
  }

  boolean has(long offset) {
    return offset < position
        || (offset - position < REACH && beyond.get((int) (offset - position)));
  }

  /** Whether it can be noted that this one is replayed. */
  boolean reaches(long offset) {
    return offset - position < REACH;
  }

  void add(long offset) {
    if (offset >= position) {
      if (!reaches(offset)) {
        throw new IllegalArgumentException(offset + " is out of reach of " + position);
      }
      beyond.set((int) (offset - position));
      moveTo(position + beyond.nextClearBit(0));
    }
  }

  private void moveTo(long next) {
    long step = Math.min(next - position, REACH);
    beyond = beyond.get((int) step, REACH);
    position = next;
    int replayed = beyond.nextClearBit(0);
    beyond = beyond.get(replayed, REACH);
    position += replayed;
  }

  OffsetAndMetadata kept() {
    return new OffsetAndMetadata(
        position, Base64.getEncoder().encodeToString(beyond.toByteArray()));
  }
}
