package dev.usher.provisioning.provision.connector.scim;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.directory.scim.core.repository.DefaultPatchHandler;
import org.apache.directory.scim.core.repository.InvalidRepositoryException;
import org.apache.directory.scim.core.repository.PatchHandler;
import org.apache.directory.scim.core.repository.Repository;
import org.apache.directory.scim.core.repository.RepositoryRegistry;
import org.apache.directory.scim.core.schema.SchemaRegistry;
import org.apache.directory.scim.server.configuration.ServerConfiguration;
import org.apache.directory.scim.server.rest.EtagGenerator;
import org.apache.directory.scim.server.rest.ScimResourceHelper;
import org.apache.directory.scim.spec.exception.ResourceException;
import org.apache.directory.scim.spec.filter.Filter;
import org.apache.directory.scim.spec.filter.FilterExpressions;
import org.apache.directory.scim.spec.filter.FilterResponse;
import org.apache.directory.scim.spec.filter.PageRequest;
import org.apache.directory.scim.spec.filter.SortRequest;
import org.apache.directory.scim.spec.filter.attribute.AttributeReference;
import org.apache.directory.scim.spec.patch.PatchOperation;
import org.apache.directory.scim.spec.resources.ScimGroup;
import org.apache.directory.scim.spec.resources.ScimResource;
import org.apache.directory.scim.spec.resources.ScimUser;
import org.apache.directory.scim.spec.schema.Meta;
import org.glassfish.jersey.inject.hk2.AbstractBinder;
import org.glassfish.jersey.internal.MapPropertiesDelegate;
import org.glassfish.jersey.server.ApplicationHandler;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.ContainerResponse;
import org.glassfish.jersey.server.ResourceConfig;
import org.jspecify.annotations.Nullable;

/**
 * Apache SCIMple's server, with users and groups in memory, behind the JDK's HTTP server: the main
 * class of a process of its own. It says its URL in its first line of output, and ends with its
 * input.
 */
final class ScimpleServer {

  private static final String PATH = "/scim/v2";

  private ScimpleServer() {}

  /** Takes the bearer token that requests must carry. */
  public static void main(String[] args) throws IOException {
    System.out.println(start("Bearer " + args[0]));
    System.in.transferTo(OutputStream.nullOutputStream());
    Runtime.getRuntime().halt(0);
  }

  private static String start(String authorization) {
    SchemaRegistry schemas = new SchemaRegistry();
    RepositoryRegistry repositories = new RepositoryRegistry(schemas);
    PatchHandler patches = new DefaultPatchHandler(schemas);
    try {
      repositories.registerRepository(
          ScimUser.class, new Kept<>(ScimUser.class, ScimUser::getUserName, schemas, patches));
      repositories.registerRepository(
          ScimGroup.class,
          new Kept<>(ScimGroup.class, ScimGroup::getDisplayName, schemas, patches));
    } catch (InvalidRepositoryException e) {
      throw new AssertionError(e);
    }
    ApplicationHandler scim = new ApplicationHandler(application(schemas, repositories));
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext(PATH, exchange -> answer(scim, authorization, exchange));
      server.start();
      return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ResourceConfig application(
      SchemaRegistry schemas, RepositoryRegistry repositories) {
    return new ResourceConfig(ScimResourceHelper.scimpleFeatureAndResourceClasses())
        .register(
            new AbstractBinder() {
              @Override
              protected void configure() {
                bind(schemas).to(SchemaRegistry.class);
                bind(repositories).to(RepositoryRegistry.class);
                bind(new EtagGenerator()).to(EtagGenerator.class);
                bind(new ServerConfiguration().setId("scimple")).to(ServerConfiguration.class);
              }
            });
  }

  private static void answer(ApplicationHandler scim, String authorization, HttpExchange exchange)
      throws IOException {
    try (exchange) {
      if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      URI base = URI.create("http://" + exchange.getRequestHeaders().getFirst("Host") + PATH + "/");
      ContainerRequest request =
          new ContainerRequest(
              base,
              base.resolve(exchange.getRequestURI()),
              exchange.getRequestMethod(),
              null,
              new MapPropertiesDelegate(),
              scim.getConfiguration());
      exchange.getRequestHeaders().forEach(request::headers);
      request.setEntityStream(exchange.getRequestBody());
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      ContainerResponse answer = scim.apply(request, body).get();
      answer
          .getStringHeaders()
          .forEach((name, values) -> exchange.getResponseHeaders().put(name, values));
      exchange.sendResponseHeaders(answer.getStatus(), body.size() == 0 ? -1 : body.size());
      body.writeTo(exchange.getResponseBody());
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException(e);
    }
  }

  /**
   * Resources of one kind. What the library does by itself (filters, PATCH) is left to it.
   *
   * @param <T> the kind
   */
  private static final class Kept<T extends ScimResource> implements Repository<T> {

    private final Class<T> kind;
    private final Function<T, String> name;
    private final SchemaRegistry schemas;
    private final PatchHandler patches;
    private final AtomicLong sequence = new AtomicLong();
    private final Map<String, T> byId = new ConcurrentSkipListMap<>();

    Kept(Class<T> kind, Function<T, String> name, SchemaRegistry schemas, PatchHandler patches) {
      this.kind = kind;
      this.name = name;
      this.schemas = schemas;
      this.patches = patches;
    }

    @Override
    public Class<T> getResourceClass() {
      return kind;
    }

    @Override
    public synchronized T create(T resource) throws ResourceException {
      refuseTaken(resource, "");
      String id = "%09d".formatted(sequence.incrementAndGet());
      resource.setId(id);
      LocalDateTime now = LocalDateTime.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
      resource.setMeta(new Meta().setCreated(now).setLastModified(now));
      byId.put(id, resource);
      return resource;
    }

    private void refuseTaken(T resource, String itself) throws ResourceException {
      for (T there : byId.values()) {
        if (!there.getId().equals(itself)
            && name.apply(there).equalsIgnoreCase(name.apply(resource))) {
          throw new ResourceException(409, "the name is taken");
        }
      }
    }

    private T known(String id) throws ResourceException {
      T resource = byId.get(id);
      if (resource == null) {
        throw new ResourceException(404, "there is nothing of this id");
      }
      return resource;
    }

    @Override
    public synchronized T update(
        String id,
        @Nullable String version,
        T resource,
        Set<AttributeReference> included,
        Set<AttributeReference> excluded)
        throws ResourceException {
      Meta meta = known(id).getMeta();
      refuseTaken(resource, id);
      resource.setId(id);
      resource.setMeta(meta);
      byId.put(id, resource);
      return resource;
    }

    @Override
    public synchronized T patch(
        String id,
        @Nullable String version,
        List<PatchOperation> operations,
        Set<AttributeReference> included,
        Set<AttributeReference> excluded)
        throws ResourceException {
      return update(id, version, patches.apply(known(id), operations), included, excluded);
    }

    @Override
    public T get(String id) throws ResourceException {
      return known(id);
    }

    @Override
    public FilterResponse<T> find(
        @Nullable Filter filter, @Nullable PageRequest page, @Nullable SortRequest sort) {
      List<T> matches = new ArrayList<>(byId.values());
      if (filter != null && !matches.isEmpty()) {
        matches.removeIf(
            FilterExpressions.inMemory(filter, schemas.getSchema(matches.getFirst().getBaseUrn()))
                .negate());
      }
      int start = page == null || page.getStartIndex() == null ? 1 : page.getStartIndex();
      int count = page == null || page.getCount() == null ? 100 : page.getCount();
      List<T> given = matches.stream().skip(Math.max(0, start - 1)).limit(count).toList();
      return new FilterResponse<>(given, page == null ? new PageRequest() : page, matches.size());
    }

    @Override
    public void delete(String id) throws ResourceException {
      known(id);
      byId.remove(id);
    }
  }
}
