package dev.gatehouse.it.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.authz.client.ClientUrl;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.mcp.jsonrpc.JsonRpcErrors.BadMessage;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.schema.SchemaBounds;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import dev.gatehouse.mcp.schema.ToolSchema;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.fetch.FetchException;
import dev.gatehouse.shared.fetch.FetchUrl;
import dev.gatehouse.shared.http.AuthorizationHeader;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A parser of untrusted bytes, with the exceptions that it announces. Any other exception is a finding, and so is a result that the parser
 * itself does not accept or that changes when it is read again.
 */
enum FuzzTarget {

    FORM {
        @Override
        void parse(byte[] input) {
            Map<String, String> single = new LinkedHashMap<>();
            FormParameters parsed = FormParameters.parse(text(input));
            parsed.names().stream().filter(name -> parsed.all(name).size() == 1).forEach(name -> single.put(name, parsed.single(name)));
            FormParameters again = FormParameters.parse(FormParameters.encode(single));
            single.forEach((name, value) -> require(value == null ? !again.has(name) || again.single(name) == null : value.equals(again.single(name)),
                "a parameter changes when it is encoded"));
        }
    },
    MESSAGE {
        @Override
        void parse(byte[] input) {
            MessageCodec.isBlank(input);
            MessageCodec.Json json = CODEC.parse(input);
            if (json.isArray()) {
                CODEC.decodeBatch(json);
            } else {
                JSONRPCMessage message = CODEC.decode(json);
                CODEC.decode(CODEC.encode(message));
            }
        }
    },
    JSON {
        @Override
        void parse(byte[] input) {
            JsonObject object = StrictJson.object(input);
            String encoded = object.encode();
            // JSON can escape half of a surrogate pair, which UTF-8 does not have.
            if (StandardCharsets.UTF_8.newEncoder().canEncode(encoded)) {
                require(object.equals(StrictJson.object(encoded.getBytes(StandardCharsets.UTF_8))), "an object changes when it is encoded");
            }
        }
    },
    JWT {
        @Override
        void parse(byte[] input) {
            String text = text(input);
            UnverifiedJwt.looksLikeOne(text);
            UnverifiedJwt.parse(text).kid();
        }
    },
    KEYS {
        @Override
        void parse(byte[] input) {
            FixedKeys.parse(StrictJson.object(input)).size();
        }
    },
    DPOP_PROOF {
        @Override
        void parse(byte[] input) {
            // The parts of a proof, so that the mutations reach the JSON inside it.
            String[] parts = text(input).split("\n", 3);
            String proof = parts.length < 3 ? text(input) : encode(parts[0]) + "." + encode(parts[1]) + "." + encode(parts[2]);
            Future<?> verified = PROOFS.verify(List.of(proof), DpopVerifier.ProofTarget.post("https://as.example/oauth/token"));
            if (verified.failed() && verified.cause() instanceof RuntimeException cause) {
                throw cause;
            }
        }
    },
    HEADER {
        @Override
        void parse(byte[] input) {
            String text = text(input);
            AuthorizationHeader.parse(text).is("Bearer");
            MediaTypes.essence(text);
            MediaTypes.is(text, "application/json");
            MediaTypes.accepts(text, "application/json");
            MediaTypes.names(text, "text/event-stream");
        }
    },
    REDIRECT_URI {
        @Override
        void parse(byte[] input) {
            String[] uris = text(input).split("\n", 2);
            boolean usable = RedirectUris.refusal(uris[0], Set.of("com.example.app")).isEmpty();
            if (usable) {
                RedirectUris.destination(uris[0]);
                require(RedirectUris.matches(uris[0], uris[0]), "an acceptable URI does not match itself");
            }
            if (uris.length == 2) {
                RedirectUris.matches(uris[0], uris[1]);
                RedirectUris.match(List.of(uris[0]), uris[1], true);
            }
        }
    },
    URL {
        @Override
        void parse(byte[] input) {
            String text = text(input);
            List<Runnable> readers = List.of(() -> FetchUrl.parse(text, true), () -> FetchUrl.parse(text, false), () -> ClientUrl.require(text, true),
                () -> require(ResourceId.parse(text).equals(ResourceId.parse(ResourceId.parse(text).value())), "a resource changes when it is read again"),
                () -> UrlSpelling.isServer(text), () -> require(UrlSpelling.areSame(text, text), "a URL is not the same as itself"));
            readers.forEach(reader -> expect(reader));
        }
    },
    SCOPE {
        @Override
        void parse(byte[] input) {
            Scopes scopes = Scopes.parse(text(input));
            require(scopes.equals(Scopes.parse(scopes.toString())), "scopes change when they are read again");
        }
    },
    SCHEMA {
        @Override
        void parse(byte[] input) {
            Map<String, Object> schema = StrictJson.object(input).getMap();
            SchemaBounds.requireInput("fuzz", schema);
            ToolSchema tool = new ToolSchema(COMPILER, schema);
            tool.problem(Map.of("a", 1, "b", "text"));
            tool.fit(Map.of("a", Map.of("b", List.of(1, "c"))));
        }
    },
    /** Requests to both servers. */
    HTTP {
        @Override
        void parse(byte[] input) {
            FuzzedServers.shared().request(input);
        }
    },
    /** Requests with the tokens of a directory and of an administrator. */
    API {
        @Override
        void parse(byte[] input) {
            FuzzedServers.shared().request(input);
        }
    },
    /** Lines to the stdio server. */
    STDIO {
        @Override
        void parse(byte[] input) {
            FuzzedStdio.shared().send(input);
        }
    };

    private static final int DEEPEST = 64;
    private static final MessageCodec CODEC = new MessageCodec(DEEPEST);
    private static final SchemaCompiler COMPILER = new SchemaCompiler(new ObjectMapper());
    private static final DpopVerifier PROOFS = new DpopVerifier(Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1)),
        DpopVerifier.ProofLifetime.of(60), Clock.fixed(Instant.ofEpochSecond(1_800_000_000), ZoneOffset.UTC));

    abstract void parse(byte[] input);

    /** Returns true if it connects to servers. Jazzer reports such connections as forged requests unless they are allowed. */
    boolean usesConnections() {
        return this == HTTP || this == API;
    }

    /** The inputs of a short run: fewer to a server than to a parser. */
    int fewInputs() {
        return Set.of(HTTP, API, STDIO).contains(this) ? 200 : 3_000;
    }

    /** Parses the input. Fails with an {@link AssertionError}, or with an exception that the parser does not announce. */
    void feed(byte[] input) {
        expect(() -> parse(input));
    }

    private static void expect(Runnable parser) {
        try {
            parser.run();
        } catch (OAuthException | JwtException | FetchException | BadMessage | StrictJson.MalformedJson refused) {
            // The parser refuses the input.
        } catch (IllegalArgumentException refused) {
            // The announced exception of the bounds of schemas, and of nothing else.
            if (List.of(refused.getStackTrace()).stream().noneMatch(frame -> frame.getClassName().startsWith(SchemaBounds.class.getName()))) {
                throw refused;
            }
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static String encode(String part) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8));
    }
}
