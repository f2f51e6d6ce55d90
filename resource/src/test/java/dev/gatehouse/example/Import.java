package dev.gatehouse.example;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.InputResponse;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;

import java.util.Optional;
import java.util.Set;

/** A tool that sends its user to a page of another service, and then asks what to do there. */
final class Import implements Tool {

    /** The other service, with which the user signs in on a page of its own. */
    interface Photos {

        /** Starts a sign-in, and returns its id. */
        Future<String> begin(String user);

        /** The page of that sign-in. */
        String page(String signIn);

        /** True if the user has finished it. */
        Future<Boolean> isFinished(String signIn);

        /** Imports an album, and returns how many photos it has. */
        Future<Integer> importAlbum(String signIn, String album);
    }

    private static final InputRequest ALBUM = InputRequest.elicitation("Which album?", Schemas.of("""
        {"type": "object", "required": ["album"], "properties": {"album": {"type": "string"}}}"""));

    private final Photos photos;

    Import(Photos photos) {
        this.photos = photos;
    }

    @Override
    public ToolDefinition definition() {
        return new ToolDefinition("import", "Import photos", "Imports an album of another service.", Schemas.NO_ARGUMENTS, null,
            ToolHints.adds());
    }

    @Override
    public Set<String> scopes() {
        return Set.of("mcp:write");
    }

    @Override
    public Future<ToolResult> call(ToolCall call) {
        return signIn(call).compose(signIn -> visit(call, signIn));
    }

    /** In revision 2026-07-28 the call runs again after each answer: the kept id prevents a second sign-in. */
    private Future<String> signIn(ToolCall call) {
        Optional<Object> kept = call.inputs().kept("sign-in");
        if (kept.isPresent()) {
            return Future.succeededFuture((String) kept.get());
        }
        return photos.begin(call.principal().userKey()).onSuccess(id -> call.inputs().keep("sign-in", id));
    }

    private Future<ToolResult> visit(ToolCall call, String signIn) {
        InputRequest page = InputRequest.elicitationUrl("Sign in to your photos", photos.page(signIn));
        return call.inputs().ask("page", page).compose(answer -> proceed(call, signIn, page, answer));
    }

    /** An accepted page says that the user goes there. Only the service knows whether the user has finished. */
    private Future<ToolResult> proceed(ToolCall call, String signIn, InputRequest page, InputResponse answer) {
        if (!answer.isAccepted()) {
            return Future.succeededFuture(ToolResult.error("The user did not want to sign in."));
        }
        return photos.isFinished(signIn).compose(finished -> finished
            ? call.inputs().ask("album", ALBUM).compose(album -> importAlbum(signIn, album))
            : call.inputs().askAgain("page", page).compose(next -> proceed(call, signIn, page, next)));
    }

    /** Behind the last question, so it runs once. */
    private Future<ToolResult> importAlbum(String signIn, InputResponse answer) {
        if (!answer.isAccepted()) {
            return Future.succeededFuture(ToolResult.error("The user named no album."));
        }
        return photos.importAlbum(signIn, (String) answer.content().get("album")).map(count -> ToolResult.of(count + " photos imported."));
    }
}
