package dev.gatehouse.authz.authorize;

import java.util.LinkedHashMap;
import java.util.Map;

/** Builds the addresses by which answers reach clients. Every one names its issuer (RFC 9207 §2). */
public final class AuthorizationResponse {

    private final String issuer;

    public AuthorizationResponse(String issuer) {
        this.issuer = issuer;
    }

    /** @param state what the request sent, or null for none */
    public String success(ValidatedRedirect redirect, String code, String state) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("code", code);
        return finish(redirect, answer, state);
    }

    public String error(AuthorizationException refusal) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", refusal.code().wireName());
        answer.put("error_description", refusal.description());
        return finish(refusal.redirect(), answer, refusal.state());
    }

    private String finish(ValidatedRedirect redirect, Map<String, String> answer, String state) {
        if (state != null) {
            answer.put("state", state);
        }
        answer.put("iss", issuer);
        return redirect.with(answer);
    }
}
