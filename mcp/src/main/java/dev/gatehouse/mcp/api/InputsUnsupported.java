package dev.gatehouse.mcp.api;

/** The client has not declared the capability that a question needs. */
public final class InputsUnsupported extends RuntimeException {

    private final String capability;

    /** @param capability as in {@link InputRequest#capability()} */
    public InputsUnsupported(String capability) {
        super("The client does not support " + capability + ", which this needs", null, false, false);
        this.capability = capability;
    }

    public String capability() {
        return capability;
    }
}
