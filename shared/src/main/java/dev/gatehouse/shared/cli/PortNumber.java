package dev.gatehouse.shared.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the number of a port. */
public final class PortNumber implements ITypeConverter<Integer> {

    /** Picocli calls it. */
    public PortNumber() {
    }

    @Override
    public Integer convert(String text) {
        if (!PlainOptions.isPort(text)) {
            throw new TypeConversionException(text + " is not a port number from 0 to " + PlainOptions.HIGHEST_PORT + ".");
        }
        return Integer.valueOf(text);
    }
}
