package dev.gatehouse.client.doctor;

import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.flight.Redaction;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values of a server that stand for recorded ones: its URLs, the client identifiers that it gave, and the secrets whose placeholders the
 * record has. Each answer adds some.
 */
final class Bindings {

    /** A shorter identifier would be found in innocent texts. */
    private static final int SHORTEST = 6;

    private final Map<String, String> values = new LinkedHashMap<>();

    /** Lets a recorded text stand for another one. */
    void put(String recorded, String fresh) {
        if (recorded.length() >= SHORTEST && !recorded.equals(Redaction.REDACTED) && !recorded.equals(fresh)) {
            values.putIfAbsent(recorded, fresh);
        }
    }

    /** A recorded text with all known values, as in a header or in JSON. */
    String text(String recorded) {
        return replace(recorded, false);
    }

    /** A recorded query or form with all known values. */
    String encoded(String recorded) {
        return replace(recorded, true);
    }

    private String replace(String recorded, boolean encode) {
        String text = recorded;
        for (String known : values.keySet().stream().sorted(Comparator.comparing(String::length).reversed()).toList()) {
            String fresh = values.get(known);
            text = encode ? text.replace(FormParameters.encode(known), FormParameters.encode(fresh)).replace(known, Redaction.isPlaceholder(known) ? FormParameters.encode(fresh) : fresh)
                : text.replace(known, fresh);
        }
        return text;
    }

    /** Learns from an answer, by what stood in its place in the record. */
    void learn(Exchange recorded, Exchange fresh) {
        if (recorded.json().isPresent() && fresh.json().isPresent()) {
            members("", recorded.json().get(), fresh.json().get());
        }
        Map<String, String> now = Exchange.query(fresh.header("location"));
        Exchange.query(recorded.header("location")).forEach((name, value) -> placeholder(value, now.get(name)));
        placeholder(recorded.header("mcp-session-id"), fresh.header("mcp-session-id"));
        Map<String, String> cookies = cookies(fresh.all("set-cookie"));
        cookies(recorded.all("set-cookie")).forEach((name, value) -> placeholder(value, cookies.get(name)));
    }

    private static Map<String, String> cookies(List<String> headers) {
        Map<String, String> cookies = new LinkedHashMap<>();
        headers.stream().map(header -> header.split(";", 2)[0].split("=", 2)).filter(pair -> pair.length == 2).forEach(pair -> cookies.put(pair[0], pair[1]));
        return cookies;
    }

    private void placeholder(String recorded, String fresh) {
        if (fresh != null && Redaction.isPlaceholder(recorded)) {
            put(recorded, fresh);
        }
    }

    private void members(String name, Object recorded, Object fresh) {
        if (recorded instanceof JsonObject before && fresh instanceof JsonObject now) {
            before.forEach(member -> members(member.getKey(), member.getValue(), now.getValue(member.getKey())));
        } else if (recorded instanceof JsonArray before && fresh instanceof JsonArray now && before.size() == now.size()) {
            for (int i = 0; i < before.size(); i++) {
                members(name, before.getValue(i), now.getValue(i));
            }
        } else if (recorded instanceof String before && fresh instanceof String now && !Objects.equals(before, now)
            && (name.equals("client_id") || Redaction.isPlaceholder(before) || before.startsWith("http://") || before.startsWith("https://"))) {
            put(before, now);
        }
    }
}
