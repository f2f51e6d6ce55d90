package dev.gatehouse.it.bench;

import io.vertx.core.buffer.Buffer;

import java.nio.charset.StandardCharsets;

/** As much of HTTP/1.1 as it takes to know where an answer ends. */
final class HttpAnswer {
    private static final byte[] LENGTH = "content-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int STATUS = 9;

    private HttpAnswer() {
    }

    static boolean isSuccess(Buffer answer) {
        return answer.getByte(STATUS) == '2' && answer.getByte(STATUS + 1) == '0';
    }

    static boolean isUnavailable(Buffer answer) {
        return answer.getByte(STATUS) == '5' && answer.getByte(STATUS + 1) == '0' && answer.getByte(STATUS + 2) == '3';
    }

    static boolean contains(Buffer answer, byte[] text) {
        for (int i = answer.length() - text.length; i >= 0; i--) {
            int same = 0;
            while (same < text.length && answer.getByte(i + same) == text[same]) {
                same++;
            }
            if (same == text.length) {
                return true;
            }
        }
        return false;
    }

    static boolean isWhole(Buffer answer) {
        int body = bodyStart(answer);
        if (body < 0) {
            return false;
        }
        int length = contentLength(answer, body);
        return length < 0 ? endsWithLastChunk(answer) : answer.length() - body >= length;
    }

    private static int bodyStart(Buffer answer) {
        for (int i = 3; i < answer.length(); i++) {
            if (answer.getByte(i) == '\n' && answer.getByte(i - 2) == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(Buffer answer, int end) {
        for (int i = 0; i < end - LENGTH.length; i++) {
            if (answer.getByte(i) == '\n' && startsWithLength(answer, i + 1)) {
                return number(answer, i + 1 + LENGTH.length);
            }
        }
        return answer.getByte(STATUS) == '2' && answer.getByte(STATUS + 2) != '0' ? 0 : -1;
    }

    private static boolean endsWithLastChunk(Buffer answer) {
        for (int i = 0; i < LAST_CHUNK.length; i++) {
            if (answer.getByte(answer.length() - LAST_CHUNK.length + i) != LAST_CHUNK[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean startsWithLength(Buffer answer, int at) {
        for (int i = 0; i < LENGTH.length; i++) {
            if (Character.toLowerCase(answer.getByte(at + i)) != LENGTH[i]) {
                return false;
            }
        }
        return true;
    }

    private static int number(Buffer answer, int at) {
        int value = 0;
        for (int i = at; answer.getByte(i) != '\r'; i++) {
            if (answer.getByte(i) != ' ') {
                value = value * 10 + answer.getByte(i) - '0';
            }
        }
        return value;
    }
}
