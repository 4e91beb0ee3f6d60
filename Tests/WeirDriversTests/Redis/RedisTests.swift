import Testing

/// Everything that talks to real servers, one test after the other: they measure time.
@Suite(.serialized) struct RedisTests {}
