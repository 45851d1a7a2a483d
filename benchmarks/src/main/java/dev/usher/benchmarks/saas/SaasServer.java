package dev.usher.benchmarks.saas;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The SaaS as a process of its own: Jetty, and of SCIM 2.0 (RFC 7644) what creating a user takes. A
 * user is there when its request has come; the answer follows after the tenant's latency, without a
 * thread that waits. Connections are kept alive for ten minutes, so that none is closed as it is
 * reused.
 *
 * <pre>
 * POST /TENANT/Users               201 with the user, or 409 if the userName is taken
 * GET  /TENANT/Users?filter=...    an empty list: it is asked only about users that are not there
 * POST /control/reset/TENANT?latency=MILLISECONDS&amp;down=BOOLEAN
 * GET  /control/counts/TENANT      accounts, requests, conflicts
 * GET  /control/times/TENANT       a line for each account: userName and microseconds
 * </pre>
 */
public final class SaasServer extends Handler.Abstract {

  private static final int THREADS = 16;
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(10);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Tenant> tenants = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  private SaasServer() {}

  /**
   * Serves on the port of the first argument until standard input ends, as it does with the parent.
   */
  public static void main(String[] arguments) throws Exception {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    Server server = new Server(new QueuedThreadPool(THREADS));
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration));
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(arguments[0]));
    connector.setIdleTimeout(KEEP_ALIVE.toMillis());
    connector.setAcceptQueueSize(4_096);
    server.addConnector(connector);
    server.setHandler(new SaasServer());
    server.start();
    while (System.in.read() >= 0) {
      // Nobody says anything; it is the end that counts.
    }
    System.exit(0);
  }

  private record Answer(int status, String type, String body) {
    static Answer scim(int status, String body) {
      return new Answer(status, "application/scim+json", body);
    }

    static Answer error(int status, String more) {
      return scim(
          status,
          "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"%d\"%s}"
              .formatted(status, more));
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws IOException {
    String[] path = Request.getPathInContext(request).split("/", -1);
    if (path.length == 4 && path[1].equals("control")) {
      send(controlled(request, path[2], tenant(path[3])), response, callback);
    } else if (path.length == 3 && path[2].equals("Users")) {
      users(tenant(path[1]), request, response, callback);
    } else {
      send(Answer.error(404, ""), response, callback);
    }
    return true;
  }

  private Tenant tenant(String name) {
    return tenants.computeIfAbsent(name, _ -> new Tenant());
  }

  private static Answer controlled(Request request, String what, Tenant tenant) {
    return switch (what) {
      case "reset" -> {
        Fields query = Request.extractQueryParameters(request);
        tenant.reset(
            Duration.ofMillis(Long.parseLong(query.getValue("latency"))),
            Boolean.parseBoolean(query.getValue("down")));
        yield new Answer(200, "application/json", "{}");
      }
      case "counts" -> new Answer(200, "application/json", tenant.counts());
      case "times" -> new Answer(200, "text/plain", tenant.times());
      default -> Answer.error(404, "");
    };
  }

  private void users(Tenant tenant, Request request, Response response, Callback callback)
      throws IOException {
    long began = System.nanoTime();
    tenant.asked();
    if (tenant.isDown()) {
      send(Answer.error(503, ""), response, callback);
    } else if (request.getMethod().equals("POST")) {
      create(tenant, request, response, callback, began);
    } else {
      send(
          Answer.scim(
              200,
              """
              {"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"Resources":[]}"""),
          response,
          callback);
    }
  }

  private void create(
      Tenant tenant, Request request, Response response, Callback callback, long began)
      throws IOException {
    String body = Content.Source.asString(request, StandardCharsets.UTF_8);
    JsonNode user = JSON.readTree(body);
    String userName = user.path("userName").asString("");
    String id = Long.toString(ids.incrementAndGet());
    Answer answer =
        userName.isEmpty()
            ? Answer.error(400, ",\"scimType\":\"invalidValue\"")
            : tenant.create(userName, id)
                ? Answer.scim(201, "{\"id\":\"" + id + "\"," + body.substring(1))
                : Answer.error(409, ",\"scimType\":\"uniqueness\"");
    long left = tenant.latency().toNanos() - (System.nanoTime() - began);
    Callback noted =
        Callback.from(
            () -> tenant.answered(userName, (System.nanoTime() - began) / 1_000), callback);
    if (left <= 0) {
      send(answer, response, noted);
    } else {
      // The writing itself is no work for the one thread that keeps the time.
      request
          .getComponents()
          .getScheduler()
          .schedule(
              () ->
                  request
                      .getComponents()
                      .getExecutor()
                      .execute(() -> send(answer, response, noted)),
              left,
              TimeUnit.NANOSECONDS);
    }
  }

  private static void send(Answer answer, Response response, Callback callback) {
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    response.write(true, ByteBuffer.wrap(answer.body().getBytes(StandardCharsets.UTF_8)), callback);
  }
}
