package dev.gatehouse.mcp.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Lines of bytes from a stream, none longer than a limit. Ends at LF; a CR before it is dropped. */
final class LineReader {

    /** Stands for a line that was longer than the limit, and has been skipped. */
    static final byte[] TOO_LONG = new byte[0];

    private final InputStream input;
    private final int limit;
    private final byte[] chunk = new byte[16 * 1024];
    private int position;
    private int end;

    LineReader(InputStream input, int limit) {
        this.input = input;
        this.limit = limit;
    }

    /** The next line without its end, {@link #TOO_LONG}, or null at the end of the stream. Blocks. */
    byte[] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        boolean any = false;
        while (position < end || fill()) {
            any = true;
            int from = position;
            boolean found = skipToLineEnd();
            int length = position - from;
            tooLong = tooLong || line.size() + length > limit;
            if (!tooLong) {
                line.write(chunk, from, length);
            }
            if (found) {
                position++;
                break;
            }
        }
        return !any ? null : tooLong ? TOO_LONG : withoutReturn(line.toByteArray());
    }

    private boolean skipToLineEnd() {
        while (position < end && chunk[position] != '\n') {
            position++;
        }
        return position < end;
    }

    private boolean fill() throws IOException {
        position = 0;
        end = Math.max(0, input.read(chunk));
        return end > 0;
    }

    private static byte[] withoutReturn(byte[] line) {
        boolean ends = line.length > 0 && line[line.length - 1] == '\r';
        return ends ? java.util.Arrays.copyOf(line, line.length - 1) : line;
    }
}
