package dev.gatehouse.authz.client;

import dev.gatehouse.shared.text.VisibleText;

import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules for schemes of redirect URIs other than http and https. Some schemes start programs that run commands, so a
 * scheme is allowed only if it is one of {@link #KNOWN}, or a domain name in reverse (RFC 8252 §7.1), or the operator
 * names it ({@code registration.redirectSchemes}).
 */
final class RedirectSchemes {

    /** The schemes of editors and hosts, as they register them with other servers. */
    static final Set<String> KNOWN = Set.of("antigravity", "cherrystudio", "claude", "code-oss", "codex", "cursor", "cursor-dev", "goose",
        "grokbot", "insomnia", "jetbrains", "kiro", "lmstudio", "positron", "postman", "raycast", "trae", "void", "vscode", "vscode-insiders",
        "vscodium", "warp", "warppreview", "windsurf", "windsurf-next", "zed");
    /** Rejected even if an operator names them: browsers, the operating system or its programs act on them. */
    private static final Set<String> DANGEROUS = Set.of("javascript", "data", "vbscript", "file", "blob", "filesystem",
        "about", "view-source", "ws", "wss", "ftp", "mailto", "tel", "intent", "chrome", "chrome-extension", "moz-extension", "resource",
        "res", "jar", "edge", "smb", "nfs", "afp", "sftp", "ssh", "telnet", "vnc", "rdp", "ldap", "ldaps", "gopher", "news", "nntp", "sms",
        "sip", "sips", "webcal", "search", "search-ms", "shell", "googlechrome", "googlechromes", "microsoft-edge", "itms", "itmss",
        "itms-apps", "itms-appss", "itms-services", "market", "zoommtg", "zoomus", "jdbc", "git", "svn", "magnet", "urn", "x-apple",
        "http", "https");
    /** Families of schemes that start programs of the operating system. */
    private static final Pattern OF_THE_SYSTEM = Pattern.compile("ms-.*|microsoft\\.windows\\..*|com\\.apple\\..*");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*");
    /** The first label is a top-level domain, which has letters only, or is one in Punycode. */
    private static final Pattern REVERSE_DOMAIN =
        Pattern.compile("([a-z]{2,}|xn--[a-z0-9-]+)(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+");
    /** Words in the address of a callback, as in {@code oauth2callback} or {@code mcp-auth-callback}. */
    private static final Pattern CALLBACK = Pattern.compile("(o?auth[0-9]?)?callback|o?auth[0-9]?|authenticate|redirect");
    /**
     * Words that make an editor or host open files, folders and other machines, or run a command. They stand in the place of
     * the host, or as the first part of the path.
     */
    private static final Set<String> COMMANDS = Set.of("file", "folder", "settings", "extension", "extensions", "vscode-remote",
        "vscode-workspace", "profile", "ssh", "agent", "action", "launch", "new", "install", "import", "add_mcp", "open_from_hf", "bot", "recipe",
        "sessions", "ai-commands", "script-commands", "checkout", "navigate");
    /** Extensions that come with an editor: {@code vscode://vscode.git/clone} fetches a repository. */
    private static final Pattern BUILT_IN = Pattern.compile("vscode\\..*|.*\\.cursor-deeplink");

    private RedirectSchemes() {
    }

    /** Returns whether the scheme is malformed, or a browser or the operating system acts on it. @param scheme in lower case */
    static boolean isDangerous(String scheme) {
        return !SCHEME.matcher(scheme).matches() || DANGEROUS.contains(scheme) || OF_THE_SYSTEM.matcher(scheme).matches();
    }

    /** Returns the reason why an address of a known scheme cannot be registered; empty if it can. */
    static Optional<String> refusalOfKnown(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        if (!KNOWN.contains(scheme) || isCallback(uri)) {
            return Optional.empty();
        }
        return Optional.of("The scheme " + scheme + ": is allowed only for the address of a callback, which contains a word such as"
            + " oauth, auth or callback, and not for actions of the application, such as opening files.");
    }

    private static boolean isCallback(URI uri) {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority().toLowerCase(Locale.ROOT);
        String path = uri.getRawPath() == null ? "" : uri.getRawPath().toLowerCase(Locale.ROOT);
        boolean command = COMMANDS.contains(authority) || COMMANDS.contains(firstPart(path)) || BUILT_IN.matcher(authority).matches();
        // An application may decode the host, and then act on another name than the checked one.
        boolean hidden = authority.indexOf('%') >= 0;
        return !command && !hidden && Arrays.stream((authority + "/" + path).split("[^a-z0-9]+")).anyMatch(word -> CALLBACK.matcher(word).matches());
    }

    private static String firstPart(String path) {
        return path.startsWith("/") ? path.substring(1).split("/", 2)[0] : path;
    }

    /**
     * Returns the reason why a scheme is not allowed; empty if it is allowed.
     *
     * @param text the whole URI, as it was sent
     * @param own schemes that the operator names
     */
    static Optional<String> refusal(URI uri, String text, Set<String> own) {
        String scheme = text.substring(0, text.indexOf(':'));
        boolean known = KNOWN.contains(scheme) || own.contains(scheme) || REVERSE_DOMAIN.matcher(scheme).matches();
        if (known && uri.getRawSchemeSpecificPart().startsWith("/")) {
            return Optional.empty();
        }
        return Optional.of((known ? "The scheme " + VisibleText.name(scheme) + ": must be followed by a slash." : "The scheme "
            + VisibleText.name(scheme.toLowerCase(Locale.ROOT)) + ": is not known to this server.")
            + " Use a domain name that you own, reversed and in lower case, and then a slash, such as com.example.app:/callback"
            + " (RFC 8252 section 7.1). Or ask the operator of this server to add the scheme to registration.redirectSchemes.");
    }
}
