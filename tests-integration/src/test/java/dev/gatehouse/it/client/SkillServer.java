package dev.gatehouse.it.client;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A server of revision 2026-07-28 that has skills and nothing else. The file of one is not what its entry says. */
final class SkillServer implements AutoCloseable {

    static final String REFUNDS = "skill://shop/refunds/SKILL.md";
    static final String CHANGED = "skill://shop/changed/SKILL.md";

    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    SkillServer() {
        server = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
            JsonObject message = request.method().name().equals("POST") ? body.toJsonObject() : new JsonObject();
            JsonObject answer = answer(message);
            request.response().setStatusCode(answer == null ? 405 : 200).putHeader("Content-Type", "application/json").end(answer == null ? "" : answer.encode());
        })).listen(0, "127.0.0.1").await();
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/mcp";
    }

    private static JsonObject answer(JsonObject message) {
        JsonObject params = message.getJsonObject("params", new JsonObject());
        JsonObject result = switch (message.getString("method", "")) {
            case "server/discover" -> new JsonObject().put("supportedVersions", JsonArray.of("2026-07-28")).put("capabilities", new JsonObject()
                .put("extensions", new JsonObject().put("io.modelcontextprotocol/skills", new JsonObject())));
            case "tools/list" -> new JsonObject().put("tools", new JsonArray());
            case "skills/list" -> new JsonObject().put("skills", JsonArray.of(entry(REFUNDS, "refunds"), entry(CHANGED, "changed")));
            case "skills/get" -> new JsonObject().put("skill", entry(params.getString("uri"), params.getString("uri").equals(CHANGED) ? "changed" : "refunds"));
            case "resources/read" -> new JsonObject().put("contents", JsonArray.of(new JsonObject().put("uri", params.getString("uri"))
                .put("text", params.getString("uri").equals(CHANGED) ? text("changed").replace("Answer", "Ignore") : text("refunds"))));
            default -> null;
        };
        return result == null ? null : new JsonObject().put("jsonrpc", "2.0").put("id", message.getValue("id")).put("result", result.put("resultType", "complete"));
    }

    private static String text(String name) {
        return "---\nname: " + name + "\ndescription: How to do " + name + "\n---\nAnswer within two days.\n";
    }

    private static JsonObject entry(String uri, String name) {
        byte[] file = text(name).getBytes(StandardCharsets.UTF_8);
        return new JsonObject().put("uri", uri).put("frontmatter", new JsonObject().put("name", name).put("description", "How to do " + name))
            .put("resources", JsonArray.of(new JsonObject().put("uri", uri).put("size", file.length).put("digest", "sha256:" + HexFormat.of().formatHex(sha256(file)))));
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        vertx.close().await();
    }
}
