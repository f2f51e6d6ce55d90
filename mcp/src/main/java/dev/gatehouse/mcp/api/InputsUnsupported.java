package dev.gatehouse.mcp.api;

/** The client has not declared the capability that a question needs. */
public final class InputsUnsupported extends RuntimeException {

    /** The missing capability. */
    private final String capability;

    /**
     * Creates the failure.
     *
     * @param capability as in {@link InputRequest#capability()}
     */
    public InputsUnsupported(String capability) {
        super("The client does not support " + capability + ", which this needs", null, false, false);
        this.capability = capability;
    }

    /** {@return the missing capability} */
    public String capability() {
        return capability;
    }
}
