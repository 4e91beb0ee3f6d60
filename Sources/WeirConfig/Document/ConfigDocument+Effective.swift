/// Settings that may stand in several places: what counts.
extension ConfigDocument {
    /// Tries after the first: `router_settings.num_retries`, `litellm_settings.num_retries`, `retry.max_retries`; else 0. That
    /// is only what was asked for: where none of them says a number, routing tries up to 2 other deployments, none twice.
    package var numRetries: Int { configuredRetries ?? 0 }

    /// The same, nil where nobody says a number.
    package var configuredRetries: Int? { router.numRetries ?? litellm.numRetries ?? retry?.maxRetries }

    /// `router_settings.retry_after`, `retry.min_seconds`; else none.
    package var minimumRetryWait: Duration { router.retryAfter ?? retry?.minimumWait ?? .zero }

    /// `router_settings.max_fallbacks`, `litellm_settings.max_fallbacks`; else 5.
    package var maxFallbacks: Int { router.maxFallbacks ?? litellm.maxFallbacks ?? 5 }

    /// `router_settings.allowed_fails`, `litellm_settings.allowed_fails`; nil when neither is there, which is not the same as
    /// any number: then the kind of failure and the share of failures decide. A number is for every kind.
    package var allowedFails: Int? { router.allowedFails ?? litellm.allowedFails }

    /// `router_settings.cooldown_time`; else 5 seconds.
    package var cooldown: Duration { router.cooldown ?? .seconds(5) }
}
