package dev.gatehouse.authz.page;

import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.page.PageModel.FormPostPage.Field;
import dev.gatehouse.shared.http.MediaTypes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Locale;

/**
 * The content of a page for programs. Only the demo profile sends it; see {@link Pages}. It contains nothing that the HTML does
 * not contain.
 *
 * @param name {@code login}, {@code consent}, {@code code} or {@code message}
 * @param text the error or the advice on the page, or empty
 * @param action the URL that the form posts to, or empty for a page without a form
 * @param fields the values that the form sends unchanged
 * @param inputs the names of the fields that the person fills in
 * @param code the authorization code that the page shows, or empty
 */
public record PageModel(String name, String title, String text, String action, List<Field> fields, List<String> inputs, String code) {

    public static final String MEDIA_TYPE = "application/vnd.gatehouse.page+json";

    /** A page that has a model. */
    public interface Source {

        PageModel model();
    }

    /** A page with a form. */
    public static PageModel form(String name, String title, String error, String action, List<Field> fields, List<String> inputs) {
        return new PageModel(name, title, error, action, fields, inputs, "");
    }

    /** A page without a form. */
    static PageModel text(String name, String title, String text, String code) {
        return new PageModel(name, title, text, "", List.of(), List.of(), code);
    }

    /** Returns whether an {@code Accept} header names the media type of the model. */
    static boolean isRequested(String accept) {
        return MediaTypes.names(accept, MEDIA_TYPE);
    }

    JsonObject json() {
        JsonArray sent = new JsonArray();
        fields.forEach(field -> sent.add(new JsonObject().put("name", field.name()).put("value", field.value())));
        return new JsonObject().put("page", name).put("title", title).put("text", text).put("action", action).put("fields", sent)
            .put("inputs", new JsonArray(inputs)).put("code", code);
    }

    /**
     * A form that delivers the authorization response to the client (OAuth 2.0 Form Post Response Mode). A script submits it;
     * without scripts the user does.
     */
    public record FormPostPage(String title, String destination, String address, List<Field> fields) {

        /** A hidden field of the form. */
        public record Field(String name, String value) {
        }

        static FormPostPage of(Delivery delivery, ValidatedRedirect redirect) {
            return new FormPostPage("Back to the application", redirect.destination(), delivery.address(), fields(delivery));
        }

        public static List<Field> fields(Delivery delivery) {
            return delivery.fields().entrySet().stream().map(each -> new Field(each.getKey(), each.getValue())).toList();
        }
    }

    /**
     * A result and what to do next.
     *
     * @param detail a text for the developer of the application, or empty
     * @param requestId the identifier of the request in the log
     */
    public record MessagePage(String title, String advice, String detail, String requestId, Mark mark) implements PageModel.Source {

        @Override
        public PageModel model() {
            return PageModel.text("message", title, detail.isEmpty() ? advice : advice + " " + detail, "");
        }

        /** The symbol above the title. */
        public enum Mark {
            DONE, DENIED, STOP;

            /** The class in the style sheet. */
            public String style() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
