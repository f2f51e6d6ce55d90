package dev.gatehouse.mcp.bearer;

/**
 * How tokens that are bound to a key are taken (RFC 9449).
 *
 * @param required      whether others are refused
 * @param nonceRequired whether each proof has to hold a nonce of this server
 * @param proofSeconds  how old a proof may be
 * @param proofsKept    proofs remembered at most, so that none is taken twice
 */
public record DpopOptions(boolean required, boolean nonceRequired, int proofSeconds, int proofsKept) {

    /** Bound and other tokens side by side. */
    public static final DpopOptions DEFAULT = new DpopOptions(false, false, 60, 200_000);
}
