package dev.gatehouse.mcp.api;

import java.util.Objects;

/**
 * The description of a resource in {@code resources/list} or {@code resources/templates/list}.
 *
 * @param uri         a URI, or an RFC 6570 template such as {@code user://notes/{note_id}} or {@code file:///{+path}}, whose value may have slashes
 * @param name        short, unique
 * @param title       for people
 * @param description for the model
 * @param mimeType    of what is read
 */
public record ResourceDefinition(String uri, String name, String title, String description, String mimeType) {

    /**
     * Checks the components.
     *
     * @param uri a URI, or an RFC 6570 template such as {@code user://notes/{note_id}} or {@code file:///{+path}}, whose value may have slashes
     * @param name short, unique
     * @param title for people
     * @param description for the model
     * @param mimeType of what is read
     */
    public ResourceDefinition {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(mimeType, "mimeType");
    }

    /** {@return whether the URI is a template (RFC 6570)} */
    public boolean isTemplate() {
        return uri.indexOf('{') >= 0;
    }
}
