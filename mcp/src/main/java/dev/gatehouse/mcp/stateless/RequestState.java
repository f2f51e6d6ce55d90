package dev.gatehouse.mcp.stateless;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.Caller;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.shared.secret.Sealer;
import dev.gatehouse.shared.secret.SecretToken;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The state of a call that asked for input, carried by the client (2026-07-28, multi round-trip requests, server requirements). It is
 * sealed, valid for the same caller and request only, and expires after ten minutes. Within that time the client may use it more than once:
 * a tool that must act once has to ensure that itself.
 */
final class RequestState {

    private static final long LIFETIME_MILLIS = 600_000;
    private static final int LONGEST = 65_536;
    /** Nonce, tag and Base64 add to it. */
    private static final int LARGEST_CONTENT = LONGEST / 4 * 3 - 64;
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {
    };

    private final Supplier<Sealer> states;
    private final ObjectMapper mapper;
    private final Clock clock;

    private volatile Sealer made;

    /** @param states asked once, when something is first sealed: a process that asks nothing starts without the platform's ciphers */
    RequestState(Supplier<Sealer> states, ObjectMapper mapper, Clock clock) {
        this.states = states;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * The state of a call after its rounds so far.
     *
     * @param answers of the client, by key
     * @param kept    of the tool itself
     */
    record Content(Map<String, Map<String, Object>> answers, Map<String, Object> kept) {
    }

    /**
     * Seals it. Throws {@link StatelessError} if it is so large that it would not be taken back.
     *
     * @param params of the request, as they came
     */
    String seal(Content known, Caller caller, String method, Map<?, ?> params) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("until", clock.millis() + LIFETIME_MILLIS);
        content.put("answers", known.answers());
        content.put("kept", known.kept());
        String text = write(content);
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > LARGEST_CONTENT) {
            throw StatelessError.invalidParams("The answers to this request have " + size + " bytes, and may have " + LARGEST_CONTENT
                + " together: a client has to carry them to its end");
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer().seal(text, context(caller, method, params)));
    }

    /** Opens a sealed state. Throws {@link StatelessError} if it belongs to another caller or request, was changed, or has expired. */
    @SuppressWarnings("unchecked")
    Content open(String state, Caller caller, String method, Map<?, ?> params) {
        try {
            if (state.length() <= LONGEST) {
                Map<String, Object> content = mapper.readValue(
                    sealer().open(Base64.getUrlDecoder().decode(state), context(caller, method, params)), OBJECT);
                if (((Number) content.get("until")).longValue() > clock.millis()) {
                    return new Content((Map<String, Map<String, Object>>) content.get("answers"), (Map<String, Object>) content.get("kept"));
                }
            }
        } catch (IllegalArgumentException | Sealer.BrokenSealException | JsonProcessingException e) {
            // The same error as below, so that the client does not learn the reason.
        }
        throw StatelessError.invalidParams("requestState is not of this request, or has expired: make the request again without it");
    }

    private Sealer sealer() {
        if (made == null) {
            synchronized (this) {
                made = made == null ? states.get() : made;
            }
        }
        return made;
    }

    /** Binds the state to caller and request. The digest takes members in the order of their names, because a client may reorder them. */
    private String context(Caller caller, String method, Map<?, ?> params) {
        Map<String, Object> salient = new TreeMap<>();
        for (String member : new String[] {"name", "uri", "arguments"}) {
            salient.put(member, sorted(params.get(member)));
        }
        String who = caller instanceof Principal principal ? principal.userKey() + ' ' + principal.clientId() : "";
        return "request state\n" + who + '\n' + method + '\n' + SecretToken.hash(write(salient));
    }

    private static Object sorted(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value instanceof Iterable<?> list ? sortedAll(list) : value;
        }
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((name, member) -> sorted.put((String) name, sorted(member)));
        return sorted;
    }

    private static Object sortedAll(Iterable<?> list) {
        List<Object> all = new ArrayList<>();
        list.forEach(member -> all.add(sorted(member)));
        return all;
    }

    private String write(Object content) {
        try {
            return mapper.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON that was read can be written", e);
        }
    }
}
