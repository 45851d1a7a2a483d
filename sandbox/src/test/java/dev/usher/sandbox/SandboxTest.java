package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {

  private static final Duration IN_SECONDS = Duration.ofSeconds(30);

  @Test
  void aWholeSandboxStartsWorksAndLeavesNothingBehind() throws Exception {
    // The JDK, Kafka and the driver keep a few threads for good, which first use brings about.
    try (Sandbox first = Sandbox.start("slack", "github")) {
      useAllOf(first);
    }
    Set<String> before = namesOf(threads());
    List<ProcessHandle> children;
    try (Sandbox sandbox = Sandbox.start("slack", "github")) {
      children = ProcessHandle.current().children().toList();
      assertThat(children).isNotEmpty();
      assertThat(sandbox.addresses())
          .containsKeys("broker", "registry", "slack", "github")
          .doesNotContainValue("");
      assertThat(Set.copyOf(sandbox.addresses().values())).hasSize(sandbox.addresses().size());
      useAllOf(sandbox);
      assertThat(sandbox.saas("github").accounts()).isEmpty();
      assertThatThrownBy(() -> sandbox.saas("zoom"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("`zoom`");
    }
    assertThat(children).noneMatch(ProcessHandle::isAlive);
    for (Thread thread : threads()) {
      if (!before.contains(nameOf(thread))) {
        thread.join(IN_SECONDS);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }

  private static void useAllOf(Sandbox sandbox) throws Exception {
    sandbox.broker().createTopic("identity.sign-ins", 4, Map.of());
    try (MongoClient client = MongoClients.create(sandbox.database().uri("usher"))) {
      client.getDatabase("usher").getCollection("accounts").insertOne(new Document());
    }
    try (ScimClient slack = new ScimClient(sandbox.saas("slack"))) {
      HttpResponse<String> created = slack.create("ada@acme.example", "1");
      assertThat(created.statusCode()).isEqualTo(201);
    }
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }

  private static Set<String> namesOf(Set<Thread> threads) {
    return threads.stream().map(SandboxTest::nameOf).collect(Collectors.toSet());
  }

  /** Without numbers: which one of a pool it is says nothing. */
  private static String nameOf(Thread thread) {
    return thread.getName().replaceAll("[0-9]+", "#");
  }

  @Test
  void oneInAFolderKeepsItsData(@TempDir Path folder) {
    try (Sandbox sandbox = Sandbox.startIn(folder)) {
      sandbox.broker().createTopic("kept", 1, Map.of());
      try (MongoClient client = MongoClients.create(sandbox.database().uri("usher"))) {
        client.getDatabase("usher").getCollection("accounts").insertOne(new Document());
      }
    }
    try (Sandbox again = Sandbox.startIn(folder)) {
      assertThatThrownBy(() -> again.broker().createTopic("kept", 1, Map.of()))
          .hasMessageContaining("already exists");
      try (MongoClient client = MongoClients.create(again.database().uri("usher"))) {
        assertThat(client.getDatabase("usher").getCollection("accounts").countDocuments()).isOne();
      }
    }
  }

  @Test
  void whereOnePartDoesNotStartTheOthersEndToo(@TempDir Path empty) {
    System.setProperty(SchemaRegistry.HOME_PROPERTY, empty.toString());
    try {
      assertThatThrownBy(() -> Sandbox.start("slack"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(SchemaRegistry.HOME_PROPERTY);
    } finally {
      System.clearProperty(SchemaRegistry.HOME_PROPERTY);
    }
  }

  @Test
  void aServiceNamedTwiceIsRefused() {
    assertThatThrownBy(() -> Sandbox.start("slack", "slack"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("`[slack, slack]`");
  }
}
