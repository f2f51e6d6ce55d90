package dev.gatehouse.shared.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;

import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Rejects HTTP/1 requests whose body length or host two recipients could interpret differently (RFC 9112 §3.2, §6.1, §6.3,
 * §11.2). Netty's decoder rejects most of them; this class adds the rest. It also enforces the announced number of streams of
 * HTTP/2 clients. Only this class changes the pipeline of a connection.
 */
final class RequestFraming {

    private static final String DECODER = "httpDecoder";
    private static final String HANDLER = "handler";

    private RequestFraming() {
    }

    /** A rejected request. Nothing more is read from its connection. */
    static final class MalformedRequest extends RuntimeException {

        private final int status;

        MalformedRequest(int status, String message) {
            super(message, null, false, false);
            this.status = status;
        }
    }

    /** Installs the checks on a connection before its first request is read. */
    static void guard(HttpConnection connection, HttpServerOptions options) {
        ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
        Http2ConnectionHandler http2 = pipeline.get(Http2ConnectionHandler.class);
        if (http2 == null) {
            Decoder decoder = new Decoder(options);
            pipeline.replace(DECODER, DECODER, decoder);
            pipeline.addBefore(HANDLER, "lastAnswers", new LastAnswers(decoder));
        } else {
            // Netty applies the limit when the client acknowledges the settings; a client that never does would have no limit.
            http2.connection().remote().maxActiveStreams((int) options.getInitialSettings().getMaxConcurrentStreams());
        }
    }

    /** Returns whether the decoder has stopped reading the connection, so that an incomplete body remains incomplete. */
    static boolean isRefused(HttpConnection connection) {
        return ((ConnectionBase) connection).channel().pipeline().get(DECODER) instanceof Decoder decoder && decoder.refused;
    }

    /** The HTTP status for a request that the decoder rejected. */
    static int statusOf(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        if (cause instanceof MalformedRequest malformed) {
            return malformed.status;
        }
        return cause instanceof TooLongHttpLineException ? 414 : cause instanceof TooLongHttpHeaderException ? 431 : 400;
    }

    private static final class Decoder extends VertxHttpRequestDecoder {

        private boolean begun;
        private boolean emptyLine;
        private volatile boolean refused;
        private int requests;
        private int endOfWord;

        Decoder(HttpServerOptions options) {
            super(options);
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) throws Exception {
            if (refused) {
                bytes.skipBytes(bytes.readableBytes());
                return;
            }
            if (!begun && !begin(bytes, out)) {
                return;
            }
            int before = out.size();
            super.decode(context, bytes, out);
            for (int i = before; i < out.size() && !refused; i++) {
                check((HttpObject) out.get(i));
                if (refused) {
                    out.subList(i + 1, out.size()).clear();
                }
            }
        }

        /** RFC 9112 §2.2: only one empty line may precede a request. */
        private boolean begin(ByteBuf bytes, List<Object> out) {
            int at = bytes.readerIndex();
            byte first = bytes.getByte(at);
            if (first == '\r' && !emptyLine) {
                if (bytes.readableBytes() == 1) {
                    return false;
                }
                if (bytes.getByte(at + 1) == '\n') {
                    emptyLine = true;
                    bytes.skipBytes(2);
                    return false;
                }
            }
            if (first <= ' ' || first == 0x7f) {
                HttpRequest invalid = (HttpRequest) createInvalidMessage();
                requests++;
                refuse(invalid, new MalformedRequest(400, "a request cannot begin with the byte " + first));
                bytes.skipBytes(bytes.readableBytes());
                out.add(invalid);
                return false;
            }
            begun = true;
            return true;
        }

        private void check(HttpObject part) {
            requests += part instanceof HttpRequest ? 1 : 0;
            if (part.decoderResult().isFailure()) {
                refused = true;
            } else if (part instanceof HttpRequest request) {
                MalformedRequest fault = faultOf(request);
                if (fault != null) {
                    refuse(request, fault);
                }
            } else if (part instanceof LastHttpContent) {
                begun = false;
                emptyLine = false;
            }
        }

        private void refuse(HttpRequest request, MalformedRequest fault) {
            refused = true;
            // The response uses a supported version.
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(DecoderResult.failure(fault));
        }

        private static MalformedRequest faultOf(HttpRequest request) {
            HttpVersion version = request.protocolVersion();
            // Compare by identity: Netty has other, equal objects for "HTTP/01.1" and "http/1.1", which Vert.x does not serve.
            if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
                return new MalformedRequest(505, "unsupported HTTP version");
            }
            HttpHeaders headers = request.headers();
            if (headers.contains(HttpHeaderNames.TRANSFER_ENCODING) && !isChunkedAlone(headers)) {
                return new MalformedRequest(400, "Transfer-Encoding is not exactly chunked");
            }
            if (headers.contains("")) {
                return new MalformedRequest(400, "a header field has no name");
            }
            if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)) {
                // Netty reads a body after the header of this WebSocket draft; no other recipient does.
                return new MalformedRequest(400, "WebSocket handshake of a draft");
            }
            return faultOf(headers.getAll(HttpHeaderNames.HOST), version);
        }

        private static boolean isChunkedAlone(HttpHeaders headers) {
            List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
            return encodings.size() == 1 && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(encodings.get(0))
                && !headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        }

        private static MalformedRequest faultOf(List<String> hosts, HttpVersion version) {
            if (hosts.size() > 1) {
                return new MalformedRequest(400, "more than one Host field");
            }
            boolean isMissing = hosts.isEmpty() || hosts.get(0).isEmpty();
            return isMissing && version.equals(HttpVersion.HTTP_1_1) ? new MalformedRequest(400, "Host is missing") : null;
        }

        /** RFC 9112 §11.2: a Content-Length together with Transfer-Encoding may be request smuggling. */
        @Override
        protected void handleTransferEncodingChunkedWithContentLength(io.netty.handler.codec.http.HttpMessage message) {
            throw new MalformedRequest(400, "Content-Length together with Transfer-Encoding");
        }

        @Override
        protected String splitFirstWordInitialLine(byte[] line, int start, int length) {
            endOfWord = start + length;
            return super.splitFirstWordInitialLine(line, start, length);
        }

        @Override
        protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
            requireOneSpace(line, start);
            endOfWord = start + length;
            return super.splitSecondWordInitialLine(line, start, length);
        }

        @Override
        protected String splitThirdWordInitialLine(byte[] line, int start, int length) {
            requireOneSpace(line, start);
            return super.splitThirdWordInitialLine(line, start, length);
        }

        /** RFC 9112 §3: the parts of a request line are separated by single spaces. */
        private void requireOneSpace(byte[] line, int start) {
            if (start != endOfWord + 1 || line[endOfWord] != ' ') {
                throw new MalformedRequest(400, "the request line has white space other than single spaces");
            }
        }
    }

    /**
     * Lets the requests of a connection that is closed for a malformed one have their answers, this one too: Vert.x closes as soon as it meets
     * a malformed chunk, while what was written for the requests before it, or will be for this one, has not left.
     */
    private static final class LastAnswers extends ChannelOutboundHandlerAdapter {

        private static final int LINGER_SECONDS = 5;

        private final Decoder decoder;
        private int answers;
        private ChannelPromise closing;

        LastAnswers(Decoder decoder) {
            this.decoder = decoder;
        }

        @Override
        public void write(ChannelHandlerContext context, Object part, ChannelPromise written) {
            boolean informs = part instanceof HttpResponse head && head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (decoder.refused && part instanceof HttpResponse head && answers + 1 == decoder.requests) {
                head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            }
            context.write(part, written);
            if (part instanceof LastHttpContent && !informs) {
                answers++;
                closeIfAnswered(context);
            }
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise closed) {
            if (!decoder.refused || closing != null) {
                context.close(closed);
                return;
            }
            closing = closed;
            closeIfAnswered(context);
            context.executor().schedule(() -> context.close(closed), LINGER_SECONDS, TimeUnit.SECONDS);
        }

        private void closeIfAnswered(ChannelHandlerContext context) {
            if (closing != null && answers >= decoder.requests) {
                context.flush();
                context.close(closing);
            }
        }
    }
}
