package dev.gatehouse.authz.support;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer as a browser sees it. */
public record Page(HttpResponse<String> response) {

    private static final Pattern ACTION = Pattern.compile("<form[^>]* action=\"([^\"]*)\"");
    private static final Pattern INPUT = Pattern.compile("<input ([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("([a-z-]+)=\"([^\"]*)\"");

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse(null);
    }

    public String location() {
        return header("Location");
    }

    public boolean isLogin() {
        return body().contains("<form id=\"login\"");
    }

    public boolean isConsent() {
        return body().contains("<form id=\"consent\"");
    }

    /** The parameters of the redirect, decoded. */
    public Map<String, String> answer() {
        return Requests.query(location());
    }

    public String formAction() {
        Matcher matcher = ACTION.matcher(body());
        if (!matcher.find()) {
            throw new AssertionError("No form in " + status() + " " + body());
        }
        return matcher.group(1);
    }

    /** The named inputs of the first form with the values that they have; several values of one name parted by line breaks. */
    public Map<String, String> fields() {
        Map<String, String> fields = new LinkedHashMap<>();
        for (Matcher input = INPUT.matcher(firstForm()); input.find();) {
            Map<String, String> attributes = new LinkedHashMap<>();
            for (Matcher each = ATTRIBUTE.matcher(input.group(1)); each.find();) {
                attributes.put(each.group(1), each.group(2));
            }
            if (attributes.containsKey("name") && !input.group(1).contains(" disabled")) {
                fields.merge(attributes.get("name"), attributes.getOrDefault("value", ""), (one, other) -> one + "\n" + other);
            }
        }
        return fields;
    }

    private String firstForm() {
        int start = body().indexOf("<form");
        return start < 0 ? "" : body().substring(start, body().indexOf("</form>", start));
    }
}
