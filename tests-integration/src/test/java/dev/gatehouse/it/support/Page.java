package dev.gatehouse.it.support;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One answer as a browser got it. */
public record Page(URI uri, HttpResponse<String> response) {

    /** A form as it stands in the page, with the values it would send if nobody touched it (no button pressed). */
    public record Form(String action, List<Map.Entry<String, String>> fields, Element element) {}

    public int status() {
        return response.statusCode();
    }

    public String body() {
        return response.body();
    }

    public Document document() {
        return Jsoup.parse(body(), uri.toString());
    }

    public Optional<String> header(String name) {
        return response.headers().firstValue(name);
    }

    /** Where the answer redirects to, absolute; null if it does not. */
    public URI redirect() {
        return status() / 100 == 3 ? uri.resolve(header("Location").orElseThrow()) : null;
    }

    public boolean asksForPassword() {
        return document().selectFirst("form input[type=password]") != null;
    }

    public Form form() {
        Element form = document().selectFirst("form");
        if (form == null) {
            throw new AssertionError("no form in the answer " + status() + " of " + uri + ":\n" + body());
        }
        return form(form);
    }

    /** The button whose name, value or label matches, as the field it sends; an unnamed one sends nothing. */
    public Map<String, String> button(String pattern) {
        return document().select("form button, form input[type=submit]").stream()
                .filter(button -> (button.text() + " " + button.attr("value")).matches("(?is).*(" + pattern + ").*"))
                .findFirst()
                .map(button -> button.hasAttr("name") ? Map.of(button.attr("name"), button.attr("value"))
                    : Map.<String, String>of())
                .orElseThrow(() -> new AssertionError("no button like " + pattern + " in\n" + body()));
    }

    private static Form form(Element form) {
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (Element input : form.select("input[name]:not([disabled])")) {
            boolean ticked = !input.attr("type").matches("checkbox|radio") || input.hasAttr("checked");
            if (ticked && !input.attr("type").equals("submit")) {
                fields.add(Map.entry(input.attr("name"), input.attr("value")));
            }
        }
        return new Form(form.attr("action"), fields, form);
    }
}
