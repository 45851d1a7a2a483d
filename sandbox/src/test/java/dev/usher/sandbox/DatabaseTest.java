package dev.usher.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {

  @Test
  void aClientWritesAndReads() {
    try (Database database = Database.start()) {
      insert(database, "one");

      assertThat(ids(database)).containsExactly("one");
      assertThatThrownBy(() -> insert(database, "one")).isInstanceOf(MongoWriteException.class);
    }
  }

  @Test
  void oneInAFolderKeepsItsDataAndAddressOverARestart(@TempDir Path folder) {
    try (Database database = Database.start(folder)) {
      String uri = database.uri("usher");
      insert(database, "one");

      database.stop();
      database.stop();
      database.restart();
      insert(database, "two");

      assertThat(database.uri("usher")).isEqualTo(uri);
      assertThat(ids(database)).containsExactlyInAnyOrder("one", "two");
    }
    try (Database again = Database.start(folder)) {
      assertThat(ids(again)).containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void aRememberingOneKeepsInMemoryWhatItHolds() {
    try (Database database = Database.startRemembering()) {
      insert(database, "one");

      database.stop();
      database.restart();
      insert(database, "two");

      assertThat(ids(database)).containsExactlyInAnyOrder("one", "two");
    }
  }

  @Test
  void oneInMemoryStartsEmptyAgainAtItsAddress() {
    try (Database database = Database.start()) {
      insert(database, "one");

      database.restart();

      assertThat(ids(database)).isEmpty();
    }
  }

  @Test
  void theEnvironmentsServerIsUsedAndLeftAsItWas() {
    try (Database server = Database.start()) {
      String uri = server.uri("ignored") + "?maxPoolSize=1";
      insert(server, "somebody else's");

      try (Database external = Database.startOrExternal(Map.of(Database.EXTERNAL_URI, uri))) {
        assertThat(external.isExternal()).isTrue();
        assertThat(external.uri("test-1")).endsWith("/test-1?maxPoolSize=1");
        withAccounts(
            external.uri("test-1"), accounts -> accounts.insertOne(new Document("_id", "ours")));
        assertThat(databases(server)).contains("usher", "test-1");
        assertThatThrownBy(external::stop).isInstanceOf(UnsupportedOperationException.class);
      }

      assertThat(databases(server)).contains("usher").doesNotContain("test-1");
    }
  }

  @Test
  void withoutTheEnvironmentsServerOneIsStarted() {
    try (Database database = Database.startOrExternal(Map.of())) {
      assertThat(database.isExternal()).isFalse();
    }
  }

  @Test
  void aUserStaysKnownWhereTheyWere() {
    assertThat(ExternalUri.of("mongodb://u:p@host:1/known?w=1").withDatabase("test"))
        .isEqualTo("mongodb://u:p@host:1/test?authSource=known&w=1");
    assertThat(ExternalUri.of("mongodb://u:p@host:1").withDatabase("test"))
        .isEqualTo("mongodb://u:p@host:1/test");
  }

  @Test
  void whatIsNoConnectionStringIsRefusedWithoutQuotingAPassword() {
    assertThatThrownBy(
            () -> Database.startOrExternal(Map.of(Database.EXTERNAL_URI, "http://u:secret@h")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Database.EXTERNAL_URI)
        .hasMessageContaining("mongodb://")
        .hasMessageNotContaining("secret");
  }

  @Test
  void whatIsBetweenTwoIdsIsFoundAsItStands() {
    try (Database database = Database.start()) {
      for (String id : List.of("ada/slack", "ada/github", "adam/slack", "ada", "eve/slack")) {
        insert(database, id);
      }
      withAccounts(
          database.uri("usher"), accounts -> accounts.deleteOne(new Document("_id", "ada/github")));
      insert(database, "ada/zoom");

      assertThat(between(database, "ada/", "ada0")).containsExactly("ada/slack", "ada/zoom");
      assertThat(between(database, "b", "e")).isEmpty();
      assertThat(between(database, "z", "a")).isEmpty();

      Bson adas = between("ada/", "ada0");
      assertThat(found(database, Filters.or(adas, between("e", "f"), between("ada/s", "b"))))
          .containsExactly("ada/slack", "ada/zoom", "adam/slack", "eve/slack");
      assertThat(found(database, Filters.or(adas, Filters.eq("name", null)))).hasSize(5);
    }
  }

  private static Bson between(String low, String high) {
    return Filters.and(Filters.gt("_id", low), Filters.lt("_id", high));
  }

  private static List<String> between(Database database, String low, String high) {
    return found(database, between(low, high));
  }

  private static List<String> found(Database database, Bson filter) {
    return withAccounts(
        database.uri("usher"),
        accounts ->
            accounts
                .find(filter)
                .sort(Sorts.ascending("_id"))
                .map(found -> found.getString("_id"))
                .into(new ArrayList<>()));
  }

  private static void insert(Database database, String id) {
    withAccounts(database.uri("usher"), accounts -> accounts.insertOne(new Document("_id", id)));
  }

  private static List<String> ids(Database database) {
    return withAccounts(
        database.uri("usher"),
        accounts -> accounts.find().map(found -> found.getString("_id")).into(new ArrayList<>()));
  }

  private static List<String> databases(Database database) {
    try (MongoClient client = MongoClients.create(database.uri("usher"))) {
      return client.listDatabaseNames().into(new ArrayList<>());
    }
  }

  private static <T> T withAccounts(String uri, Function<MongoCollection<Document>, T> use) {
    try (MongoClient client = MongoClients.create(uri)) {
      String name = new ConnectionString(uri).getDatabase();
      return use.apply(client.getDatabase(name).getCollection("accounts"));
    }
  }
}
