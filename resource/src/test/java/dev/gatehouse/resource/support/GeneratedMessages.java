package dev.gatehouse.resource.support;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lines that are nearly messages of MCP: whatever a seed makes of them, the same for each seed. */
public final class GeneratedMessages {

    private static final List<String> NAMES = List.of("jsonrpc", "id", "method", "params", "result", "error", "code", "message", "data",
        "_meta", "name", "arguments", "text", "cursor", "uri", "requestId", "protocolVersion", "capabilities", "clientInfo", "ref", "argument",
        "level", "progressToken", "io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientCapabilities", "inputResponses",
        "requestState", "\\u0000", "\\ud800", "");
    private static final List<String> SCALARS = List.of("null", "true", "false", "0", "-1", "7", "2147483648", "9223372036854775807",
        "92233720368547758070", "1.5", "1e400", "-0", "1e-400", "\"\"", "\"2.0\"", "\"1.0\"", "\"x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u2028\"",
        "\"\u2028\u2029\"", "\"😀\"", "\"2025-11-25\"", "\"2026-07-28\"", "\"" + "y".repeat(300) + "\"", "NaN", "\"\\q\"");
    private static final List<String> METHODS = List.of("\"ping\"", "\"tools/list\"", "\"tools/call\"", "\"initialize\"", "\"resources/read\"",
        "\"resources/list\"", "\"prompts/get\"", "\"completion/complete\"", "\"logging/setLevel\"", "\"resources/subscribe\"", "\"server/discover\"",
        "\"notifications/cancelled\"", "\"notifications/initialized\"", "\"nonesuch\"", "\"\"", "\"\\ud800\"");

    private final Random random;

    public GeneratedMessages(long seed) {
        random = new Random(seed);
    }

    /** The next lines, without line ends. */
    public List<byte[]> next(int count) {
        List<byte[]> lines = new ArrayList<>();
        while (lines.size() < count) {
            byte[] line = bytes(random.nextInt(8) == 0 ? value(4) : message());
            lines.add(line);
        }
        return lines;
    }

    private String message() {
        List<String> members = new ArrayList<>();
        members.add("\"jsonrpc\":" + either("\"2.0\"", scalar()));
        maybe(members, "id");
        if (random.nextInt(3) > 0) {
            members.add("\"method\":" + either(METHODS.get(random.nextInt(METHODS.size())), value(2)));
        }
        for (String name : List.of("params", "result", "error")) {
            if (random.nextInt(3) == 0) {
                members.add('"' + name + "\":" + (name.equals("error") && random.nextBoolean() ? "{\"code\":-1,\"message\":" + scalar() + "}" : value(3)));
            }
        }
        while (random.nextInt(6) == 0) {
            maybe(members, NAMES.get(random.nextInt(NAMES.size())));
        }
        return "{" + String.join(",", members) + "}";
    }

    private void maybe(List<String> members, String name) {
        if (random.nextInt(4) > 0) {
            members.add('"' + name + "\":" + scalar());
        }
    }

    private String either(String usual, String other) {
        return random.nextInt(8) == 0 ? other : usual;
    }

    private String scalar() {
        return SCALARS.get(random.nextInt(SCALARS.size()));
    }

    private String value(int depth) {
        int kind = depth == 0 ? 0 : random.nextInt(4);
        List<String> parts = new ArrayList<>();
        for (int i = random.nextInt(4); kind > 1 && i >= 0; i--) {
            parts.add((kind == 2 ? "" : '"' + NAMES.get(random.nextInt(NAMES.size())) + "\":") + value(depth - 1));
        }
        return kind <= 1 ? scalar() : kind == 2 ? "[" + String.join(",", parts) + "]" : "{" + String.join(",", parts) + "}";
    }

    private byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        while (random.nextInt(12) == 0 && bytes.length > 0) {
            byte other = (byte) random.nextInt(256);
            bytes[random.nextInt(bytes.length)] = other == '\n' || other == '\r' ? (byte) '{' : other;
        }
        return bytes;
    }
}
