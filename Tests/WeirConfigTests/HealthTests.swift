import Testing
import WeirConfig

@Suite struct HealthTests {
    @Test func `health checks are read from all their places`() {
        let reading = Reading(
            """
            general_settings: {background_health_checks: true, health_check_interval: 30, health_check_details: false,
              health_check_concurrency: 4, background_health_check_model_groups: [m]}
            router_settings: {enable_health_check_routing: true, health_check_staleness_threshold: 90,
              health_check_ignore_transient_errors: true}
            health_checks: {timeout: 1.5, with_inference: true, interval: 60}
            """)
        #expect(reading.problems == [])
        let checks = reading.document.healthChecks
        #expect(checks.isInBackground && checks.routesByHealth && checks.withInference && !checks.showsDetails)
        #expect(checks.interval == .seconds(30) && checks.timeout == .milliseconds(1500))
        #expect(checks.concurrency == 4 && checks.groups == ["m"] && checks.staleness == .seconds(90))
        #expect(checks.ignoresTransientErrors)
    }

    @Test func `passing over unhealthy deployments needs somebody who looks`() {
        let checks = Reading("features: {pre_call_health_checks: true}\n").document.healthChecks
        #expect(checks.routesByHealth && checks.isInBackground)
        let reading = Reading(
            "features: {pre_call_health_checks: true}\ngeneral_settings: {background_health_checks: false}\n")
        #expect(
            reading.problems == [
                "config.yaml:2: warning: unhealthy deployments are to be passed over, but nobody looks for them: switch the background "
                    + "checks on"
            ])
        #expect(!reading.document.healthChecks.isInBackground)
    }

    @Test(arguments: [
        (
            "general_settings: {health_check_interval: 0}",
            "`health_check_interval` must be a number of seconds greater than 0, such as 45, not `0`"
        ),
        (
            "general_settings: {background_health_checks: often}",
            "`background_health_checks` must be true or false, not `often`"
        ),
        (
            "health_checks: {interval: -1}",
            "`interval` must be a number of seconds greater than 0, such as 45, not `-1`"
        ),
    ]) func `a wrong setting is one error`(text: String, message: String) {
        #expect(Reading(text + "\n").errors == ["config.yaml:1: error: \(message)"])
    }
}
