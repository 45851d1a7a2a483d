package dev.usher.provisioning.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.provisioning.person.PersonKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Whom an instance forgets because of what it hears, and because of what it may have missed. */
final class FollowingAccountsTest {

  private static final String TOPIC = "provisioning.account-changed";
  private static final TopicPartition FIRST = new TopicPartition(TOPIC, 0);
  private static final TopicPartition SECOND = new TopicPartition(TOPIC, 1);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
  private final List<String> forgotten = new ArrayList<>();
  private long nanos;
  private final FollowingAccounts following =
      new FollowingAccounts(
          TOPIC,
          consumer,
          person -> forgotten.add(person.toString()),
          () -> forgotten.add("everybody"),
          () -> nanos);

  private void topicHas(TopicPartition... partitions) {
    List<PartitionInfo> infos = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      infos.add(
          new PartitionInfo(TOPIC, partition.partition(), Node.noNode(), new Node[0], new Node[0]));
      consumer.updateBeginningOffsets(Map.of(partition, 0L));
      consumer.updateEndOffsets(Map.of(partition, 100L));
    }
    consumer.updatePartitions(TOPIC, infos);
  }

  private void changed(TopicPartition partition, long offset, String key) {
    consumer.addRecord(
        new ConsumerRecord<>(
            TOPIC,
            partition.partition(),
            offset,
            key.getBytes(StandardCharsets.UTF_8),
            new byte[0]));
  }

  @Test
  void fromTheEndOnWhoeverHasAChangedAccountIsForgotten() throws Exception {
    topicHas(FIRST, SECOND);
    following.step();
    assertThat(forgotten).as("what was read before it followed").containsExactly("everybody");
    assertThat(consumer.position(FIRST)).isEqualTo(100);

    changed(FIRST, 100, "acme/staff/ada");
    changed(SECOND, 100, "nobody");
    changed(SECOND, 101, new PersonKey("acme", "staff", "g/r").toString());
    following.step();
    assertThat(forgotten)
        .containsExactlyInAnyOrder("everybody", "acme/staff/ada", "acme/staff/g%2Fr");
  }

  @Test
  void whoMayHaveMissedSomethingForgetsEverybodyAndGoesOn() throws Exception {
    topicHas(FIRST);
    following.step();
    consumer.setPollException(new OffsetOutOfRangeException(Map.of(FIRST, 3L)));
    following.step();
    forgotten.clear();

    following.step();

    assertThat(forgotten).containsExactly("everybody");
    changed(FIRST, 100, "acme/staff/ada");
    following.step();
    assertThat(forgotten).containsExactly("everybody", "acme/staff/ada");
  }

  @Test
  void aTopicThatDoesNotExistYetIsFollowedOnceItDoes() throws Exception {
    consumer.updatePartitions(TOPIC, List.of());
    assertThat(following.step()).isTrue();
    assertThat(forgotten).isEmpty();
    topicHas(FIRST);
    following.step();
    assertThat(forgotten).containsExactly("everybody");
  }

  @Test
  void aPartitionThatIsAddedIsReadFromItsBeginning() throws Exception {
    topicHas(FIRST);
    following.step();
    topicHas(FIRST, SECOND);
    nanos += Duration.ofMinutes(1).toNanos();
    following.step();
    changed(SECOND, 0, "acme/staff/ada");
    following.step();
    assertThat(forgotten).containsExactly("everybody", "acme/staff/ada");
  }

  @Test
  void whoIsStoppedEnds() throws Exception {
    topicHas(FIRST);
    following.step();
    following.stop();
    assertThat(following.step()).isFalse();
  }
}
