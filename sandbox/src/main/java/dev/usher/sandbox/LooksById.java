package dev.usher.sandbox;

import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.backend.h2.H2Database;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import de.bwaldvogel.mongo.backend.memory.MemoryCollection;
import de.bwaldvogel.mongo.backend.memory.MemoryDatabase;
import de.bwaldvogel.mongo.bson.Document;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.h2.mvstore.MVStore;
import org.jspecify.annotations.Nullable;

/**
 * The library's databases, except that a query for one {@code _id} and something else looks at that
 * one document, and in memory one for those between two, or two others, at those between. Of
 * themselves they use an index only for a query that names one {@code _id} and nothing else, so
 * that a conditional update looks at all documents: 20 ms among 40,000.
 */
final class LooksById {

  private static final String ID = "_id";

  private LooksById() {}

  static MongoBackend inMemory() {
    return new Memory(false);
  }

  /** In memory, and the same for one server after the other. */
  static MongoBackend remembering() {
    return new Memory(true);
  }

  static MongoBackend in(Path file) {
    return new OnDisk(file);
  }

  /** The one {@code _id} that all documents have that match; empty if the query names none. */
  private static Optional<String> id(Document query) {
    if (query.get(ID) instanceof String id) {
      return query.size() == 1 ? Optional.empty() : Optional.of(id);
    }
    return query.get("$and") instanceof Collection<?> parts
        ? parts.stream().flatMap(part -> named(part).stream()).findFirst()
        : Optional.empty();
  }

  private static Optional<String> named(Object part) {
    return part instanceof Document condition && condition.get(ID) instanceof String id
        ? Optional.of(id)
        : Optional.empty();
  }

  /**
   * Pairs of ids such that each document that matches is between those of one; empty if the query
   * names none, or an alternative that has none.
   */
  private static List<Between> between(Document query) {
    if (query.get("$or") instanceof Collection<?> alternatives) {
      List<List<Between>> each =
          alternatives.stream()
              .map(one -> one instanceof Document part ? between(part) : List.<Between>of())
              .toList();
      return each.contains(List.<Between>of())
          ? List.of()
          : each.stream().flatMap(List::stream).toList();
    }
    Collection<?> parts = query.get("$and") instanceof Collection<?> all ? all : List.of(query);
    String low = null;
    String high = null;
    for (Object part : parts) {
      if (part instanceof Document condition && condition.get(ID) instanceof Document bounds) {
        low = bounds.get("$gt") instanceof String bound ? bound : low;
        high = bounds.get("$lt") instanceof String bound ? bound : high;
      }
    }
    return low == null || high == null || low.compareTo(high) > 0
        ? List.of()
        : List.of(new Between(low, high));
  }

  private record Between(String low, String high) {}

  private static Document only(String id) {
    return new Document(ID, id);
  }

  private static Stream<Document> stream(QueryResult found) {
    return StreamSupport.stream(found.spliterator(), false);
  }

  private static final class Memory extends MemoryBackend {
    private final boolean remembers;

    Memory(boolean remembers) {
      this.remembers = remembers;
    }

    /** Called by the server that stops. */
    @Override
    public void close() {
      if (!remembers) {
        super.close();
      }
    }

    @Override
    public MemoryDatabase openOrCreateDatabase(String name) {
      return new InMemory(name, getCursorRegistry());
    }
  }

  private static final class InMemory extends MemoryDatabase {
    InMemory(String name, CursorRegistry cursors) {
      super(name, cursors);
    }

    @Override
    protected MemoryCollection openOrCreateCollection(String name, CollectionOptions options) {
      return new InMemoryCollection(this, name, options, cursorRegistry);
    }
  }

  private static final class InMemoryCollection extends MemoryCollection {
    private final NavigableSet<String> ids = new ConcurrentSkipListSet<>();

    InMemoryCollection(
        MongoDatabase database, String name, CollectionOptions options, CursorRegistry cursors) {
      super(database, name, options, cursors);
    }

    @Override
    protected Integer addDocumentInternal(Document document) {
      if (document.get(ID) instanceof String id) {
        ids.add(id);
      }
      return super.addDocumentInternal(document);
    }

    @Override
    protected void removeDocument(Integer position) {
      if (getDocument(position).get(ID) instanceof String id) {
        ids.remove(id);
      }
      super.removeDocument(position);
    }

    @Override
    protected QueryResult matchDocuments(
        Document query,
        @Nullable Document order,
        int skip,
        int limit,
        int batch,
        @Nullable Document fields) {
      Optional<String> one = id(query);
      List<Between> ranges = one.isEmpty() ? between(query) : List.of();
      if (one.isEmpty() && ranges.isEmpty()) {
        return super.matchDocuments(query, order, skip, limit, batch, fields);
      }
      Stream<String> some =
          Stream.concat(
              one.stream(),
              ranges.stream()
                  .flatMap(it -> ids.subSet(it.low, true, it.high, true).stream())
                  .distinct());
      Stream<Document> those =
          some.flatMap(id -> stream(queryDocuments(only(id), null, 0, 0, 0, null)));
      return matchDocumentsFromStream(those, query, order, skip, limit, batch, fields);
    }
  }

  private static final class OnDisk extends H2Backend {
    OnDisk(Path file) {
      super(file.toString());
    }

    @Override
    protected MongoDatabase openOrCreateDatabase(String name) {
      return new OnDiskDatabase(name, getMvStore(), getCursorRegistry());
    }
  }

  private static final class OnDiskDatabase extends H2Database {
    private final MVStore store;

    OnDiskDatabase(String name, MVStore store, CursorRegistry cursors) {
      // The library opens what is there while it constructs.
      this.store = store;
      super(name, store, cursors);
    }

    /** Under the names that the library drops and moves collections by. */
    @Override
    protected MongoCollection<Object> openOrCreateCollection(
        String name, CollectionOptions options) {
      String full = getDatabaseName() + "." + name;
      return new OnDiskCollection(this, name, options, store, full, cursorRegistry);
    }
  }

  private static final class OnDiskCollection extends H2Collection {
    OnDiskCollection(
        MongoDatabase database,
        String name,
        CollectionOptions options,
        MVStore store,
        String full,
        CursorRegistry cursors) {
      super(
          database,
          name,
          options,
          store.openMap("databases." + full),
          store.openMap("meta." + full),
          cursors);
    }

    @Override
    protected QueryResult matchDocuments(
        Document query,
        @Nullable Document order,
        int skip,
        int limit,
        int batch,
        @Nullable Document fields) {
      Supplier<QueryResult> amongAll =
          () -> super.matchDocuments(query, order, skip, limit, batch, fields);
      return id(query)
          .map(id -> stream(queryDocuments(only(id), null, 0, 0, 0, null)))
          .map(one -> matchDocumentsFromStream(one, query, order, skip, limit, batch, fields))
          .orElseGet(amongAll);
    }
  }
}
