package dev.gatehouse.it.fuzz;

import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Both servers in this JVM, and generated requests to them over real connections. A finding is a status of the server's own fault, and a
 * request without an answer.
 */
final class FuzzedServers {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOST_HEAD_BYTES = 65_536;
    private static final String REDIRECT = "http://127.0.0.1/callback";
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
    /** The frame of a request is not generated, because an incomplete one has no answer. */
    private static final Pattern FRAMING = Pattern.compile("(?i)(content-length|transfer-encoding|connection|host|expect|upgrade)\\s*:.*");

    private final RunningGatehouse gatehouse;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private FuzzedServers() {
        JsonObject limits = new JsonObject();
        Stream.of("token", "authorize", "introspect", "revoke", "register").forEach(name -> limits.put(name + "PerMinute", "unlimited"));
        gatehouse = RunningGatehouse.inProcess(new JsonObject().put("rateLimits", limits).put("scim", new JsonObject().put("enabled", true)),
            new JsonObject().put("usage", new JsonObject().put("requestsPerMonth", 100_000_000)));
        tokens.put("{token}", gatehouse.tokens().access());
        OAuthClient directory = Commands.addConfidentialClient(gatehouse, null, "--grant", "client_credentials", "--scope", "scim");
        tokens.put("{scim}", new JsonObject(directory.clientCredentials("scope", "scim").body()).getString("access_token"));
        tokens.put("{admin}", administrator());
    }

    private static final class Shared {
        static final FuzzedServers SERVERS = new FuzzedServers();
    }

    /** The servers of this process, which start at the first call and end with the process. */
    static FuzzedServers shared() {
        return Shared.SERVERS;
    }

    private String administrator() {
        String id = "fuzz-" + Pkce.random().substring(0, 8);
        gatehouse.run("client", "add", id, "--public", "--redirect-uri", REDIRECT, "--scope", "admin:read admin:write");
        return gatehouse.journey().tokens(new OAuthClient(gatehouse.issuer(), id, null, REDIRECT), "scope", "admin:read admin:write",
            "resource", gatehouse.issuer() + "/admin/v1").access();
    }

    /**
     * Sends one request.
     *
     * @param input a line with {@code authz} or {@code mcp}, the method and the path; lines of header fields; an empty line; the body.
     *     {@code {token}}, {@code {scim}} and {@code {admin}} become access tokens
     */
    void request(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\n\n");
        String[] lines = (end < 0 ? text : text.substring(0, end)).split("\n");
        String body = end < 0 ? "" : text.substring(end + 2);
        String[] first = lines[0].split(" ", 3);
        if (first.length < 3) {
            return;
        }
        URI server = URI.create(first[0].equals("mcp") ? gatehouse.mcpOrigin() : gatehouse.issuer());
        StringBuilder request = new StringBuilder(first[1] + " " + first[2] + " HTTP/1.1\r\nHost: " + server.getAuthority() + "\r\nContent-Length: "
            + body.length() + "\r\nConnection: close\r\n");
        Stream.of(lines).skip(1).filter(line -> !FRAMING.matcher(line).matches()).forEach(line -> request.append(line).append("\r\n"));
        requireAnswer(server, filled(request + "\r\n") + body);
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> token : tokens.entrySet()) {
            filled = filled.replace(token.getKey(), token.getValue());
        }
        return filled;
    }

    private static void requireAnswer(URI server, String request) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            // A reset, so that millions of connections do not use up the ports.
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String head = head(socket.getInputStream());
            Matcher status = STATUS.matcher(head);
            // A server may close a connection that breaks the rules of HTTP without a response.
            if (status.lookingAt() && status.group(1).startsWith("5") && !(status.group(1).equals("503") && head.toLowerCase(Locale.ROOT).contains("retry-after"))) {
                throw new AssertionError(head.lines().findFirst().orElse("") + " to " + request);
            }
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("No response to " + request, silent);
        } catch (SocketException reset) {
            // The server rejects the frame of the request.
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static String head(InputStream from) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = from.read(); next >= 0 && head.size() < MOST_HEAD_BYTES; next = from.read()) {
            head.write(next);
            if (next == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
