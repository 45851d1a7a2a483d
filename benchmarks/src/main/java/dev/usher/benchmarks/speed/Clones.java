package dev.usher.benchmarks.speed;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * People who are known as if they had signed in, for where a million of them would take too long:
 * the documents of one person who really has, again and again with another number in their place.
 * Not their mailboxes, which nobody looks at who finds the account.
 */
final class Clones {

  private static final int BATCH = 1_000;
  private static final List<String> COLLECTIONS = List.of("accounts", "persons");

  private final MongoDatabase database;
  private final String number;

  /**
   * @param original whose documents are there; a number that stands in them for nothing else
   */
  Clones(MongoDatabase database, long original) {
    this.database = database;
    this.number = Long.toString(original);
  }

  /** Makes so many, with numbers from {@code first} on. */
  void make(long first, int people) {
    for (String name : COLLECTIONS) {
      List<Document> originals =
          database.getCollection(name).find(Filters.regex("_id", number)).into(new ArrayList<>());
      List<Document> batch = new ArrayList<>();
      for (long person = first; person < first + people; person++) {
        for (Document each : originals) {
          batch.add((Document) clone(each, Long.toString(person)));
        }
        if (batch.size() >= BATCH || person == first + people - 1) {
          database.getCollection(name).insertMany(batch);
          batch.clear();
        }
      }
    }
  }

  private @Nullable Object clone(@Nullable Object value, String other) {
    return switch (value) {
      case String text -> text.replace(number, other);
      case Document document -> {
        Document copy = new Document();
        document.forEach((name, each) -> copy.put(name, clone(each, other)));
        yield copy;
      }
      case List<?> list -> {
        List<@Nullable Object> copy = new ArrayList<>();
        list.forEach(each -> copy.add(clone(each, other)));
        yield copy;
      }
      case null, default -> value;
    };
  }
}
