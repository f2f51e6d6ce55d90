package dev.gatehouse.authz.support;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes authorization requests and reads what comes of them. */
public final class Requests {

    public static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private Requests() {
    }

    /** The path and query of a valid request of the confidential client, changed; a null value leaves a parameter out. */
    public static String authorize(String... changes) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", "confidential");
        parameters.put("redirect_uri", FrontServer.CALLBACK);
        parameters.put("scope", "mcp:read mcp:write");
        parameters.put("state", "xyz");
        parameters.put("code_challenge", CHALLENGE);
        parameters.put("code_challenge_method", "S256");
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                parameters.remove(changes[i]);
            } else {
                parameters.put(changes[i], changes[i + 1]);
            }
        }
        return "/oauth/authorize?" + encode(parameters);
    }

    /** Encodes a form. Each line of a value becomes a value of its own. */
    public static String encode(Map<String, String> fields) {
        return fields.entrySet().stream()
            .flatMap(field -> field.getValue().lines().map(value -> encode(field.getKey()) + "=" + encode(value)))
            .collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public static Map<String, String> query(String url) {
        Map<String, String> answer = new LinkedHashMap<>();
        for (String pair : url.substring(url.indexOf('?') + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            if (answer.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8)) != null) {
                throw new AssertionError(parts[0] + " twice in " + url);
            }
        }
        return answer;
    }
}
