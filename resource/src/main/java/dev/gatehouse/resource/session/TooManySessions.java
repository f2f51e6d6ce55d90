package dev.gatehouse.resource.session;

/** A session is refused because of a limit: of the server, or of this principal alone. */
public final class TooManySessions extends RuntimeException {

    private final boolean ofPrincipal;

    TooManySessions(boolean ofPrincipal, int limit) {
        super(ofPrincipal
            ? "Too many sessions: this user and client already have " + limit + ". End one with DELETE, or let it expire."
            : "Too many sessions on this server. Try again later.", null, false, false);
        this.ofPrincipal = ofPrincipal;
    }

    public boolean isOfPrincipal() {
        return ofPrincipal;
    }
}
