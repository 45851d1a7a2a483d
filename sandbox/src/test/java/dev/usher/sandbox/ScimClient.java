package dev.usher.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/** A plain HTTP client of one SaaS. */
final class ScimClient implements AutoCloseable {

  private final HttpClient http = HttpClient.newHttpClient();
  private final Saas saas;

  ScimClient(Saas saas) {
    this.saas = saas;
  }

  HttpResponse<String> create(String userName, String externalId)
      throws IOException, InterruptedException {
    return http.send(creating(userName, externalId), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> createLater(String userName, String externalId) {
    return http.sendAsync(creating(userName, externalId), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest creating(String userName, String externalId) {
    return to("/Users")
        .POST(HttpRequest.BodyPublishers.ofString(user(userName, externalId)))
        .build();
  }

  static String user(String userName, String externalId) {
    return """
    {"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"%s","externalId":"%s",
     "name":{"givenName":"Ada","familyName":"Lovelace"},"displayName":"Ada Lovelace",
     "emails":[{"value":"%s","type":"work","primary":true}],"active":true}"""
        .formatted(userName, externalId, userName);
  }

  HttpResponse<String> find(String filter) throws IOException, InterruptedException {
    return get("/Users?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8));
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path).GET().build());
  }

  HttpResponse<String> patch(String path, String body) throws IOException, InterruptedException {
    return send(to(path).method("PATCH", HttpRequest.BodyPublishers.ofString(body)).build());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(to(path).DELETE().build());
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create(saas.url() + path))
        .header("Authorization", "Bearer " + saas.token())
        .header("Content-Type", "application/scim+json");
  }

  HttpClient http() {
    return http;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
