// swift-tools-version:6.2
import PackageDescription

// The manifest is the plan of the house, sorted from the ground up: a target may only stand on targets above it.
// `scripts/never.py` checks that, and which external package may enter which target.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioLocks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")

let package = Package(
    name: "weir",
    products: [
        .executable(name: "weir", targets: ["weir"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio.git", .upToNextMinor(from: "2.101.2")),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", .upToNextMinor(from: "2.37.6")),
        .package(url: "https://github.com/apple/swift-log.git", .upToNextMinor(from: "1.16.2")),
        .package(url: "https://github.com/apple/swift-crypto.git", .upToNextMinor(from: "4.5.2")),
        .package(url: "https://github.com/apple/swift-http-types.git", .upToNextMinor(from: "1.8.0")),
        .package(url: "https://github.com/apple/swift-argument-parser.git", .upToNextMinor(from: "1.8.2")),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", .upToNextMinor(from: "2.13.0")),
        .package(url: "https://github.com/jpsim/Yams.git", .upToNextMinor(from: "6.2.2")),
        .package(url: "https://github.com/vapor/jwt-kit.git", .upToNextMinor(from: "5.7.0")),
        .package(url: "https://github.com/groue/GRDB.swift.git", .upToNextMinor(from: "7.10.0")),
        .package(
            url: "https://github.com/hummingbird-project/hummingbird.git", .upToNextMinor(from: "2.28.1"), traits: []),
    ],
    targets: [
        // MARK: Ground floor: words
        library("WeirCore", [nioCore]),
        .systemLibrary(name: "CByteMask"),
        library("WeirWire", ["CByteMask", "WeirCore", nioCore]),
        library("WeirLoops", ["WeirCore", nioCore, nioPosix, nioTLS, nioSSL]),

        // MARK: First floor: the edges of the house
        library("WeirMock", ["WeirCore", "WeirWire", "WeirLoops", nioCore]),
        library("WeirConfig", ["WeirCore", "Yams"]),
        library("WeirTransport", ["WeirCore", "WeirWire", "WeirLoops", nioCore, nioPosix, nioSSL]),
        library("WeirCoordination", ["WeirCore"]),

        // MARK: Second floor: the rooms
        library("WeirAccess", ["WeirCore", "WeirWire", nioCore, crypto, jwtKit]),
        library("WeirLimits", ["WeirCore", "WeirCoordination"]),
        library("WeirRouting", ["WeirCore", "WeirCoordination"]),
        library("WeirProviders", ["WeirCore", "WeirWire", nioCore]),
        library("WeirAccounting", ["WeirCore"]),

        // MARK: Third floor: the hall, the witness
        library(
            "WeirPipeline",
            ["WeirCore", "WeirAccess", "WeirLimits", "WeirRouting", "WeirProviders", "WeirAccounting", nioCore]
        ),
        library("WeirStorage", ["WeirCore", "WeirWire", "WeirAccess"]),
        .target(name: "CLibPQ"),
        library(
            "WeirDrivers",
            [
                "WeirCore", "WeirCoordination", "WeirStorage", "CLibPQ", nioCore, nioPosix, nioSSL, logging,
                .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        library("WeirTelemetry", ["WeirCore"]),

        // MARK: Fourth floor: the doors
        library(
            "WeirHTTP",
            [
                "WeirCore", "WeirWire", "WeirLoops", "WeirAccess", "WeirRouting", "WeirAccounting",
                "WeirPipeline", nioCore, nioLocks, logging,
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ]
        ),

        // MARK: Roof: where everything is put together
        library(
            "WeirServer",
            [
                "WeirCore", "WeirConfig", "WeirLoops", "WeirTransport", "WeirCoordination", "WeirAccess", "WeirLimits",
                "WeirRouting", "WeirProviders", "WeirStorage", "WeirDrivers",
                "WeirAccounting", "WeirPipeline", "WeirTelemetry", "WeirHTTP", "WeirWire", logging, lifecycle, signals,
            ]
        ),
        .systemLibrary(name: "CMalloc"),
        library(
            "WeirCommands",
            [
                "CMalloc",
                "WeirCore", "WeirWire", "WeirConfig", "WeirAccess", "WeirAccounting", "WeirTransport", "WeirMock",
                "WeirStorage", "WeirDrivers", "WeirServer",
                logging, lifecycle,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "weir", dependencies: ["WeirCommands"], swiftSettings: settings),

        // MARK: Garden: tests
        library(
            "WeirTestKit",
            [
                "WeirCore", "WeirWire", "WeirLoops", "WeirCoordination", "WeirAccess", "WeirStorage", "WeirDrivers",
                nioCore, nioEmbedded, nioSSL,
            ]
        ),
        tests("WeirMockTests", ["WeirMock"]),
        tests("WeirLoopsTests", ["WeirCore", "WeirLoops", "WeirTestKit", nioCore, nioEmbedded]),
        tests("WeirTransportTests", ["WeirCore", "WeirLoops", "WeirTransport", "WeirTestKit", nioCore, nioSSL]),
        tests("WeirAccessTests", ["WeirCore", "WeirWire", "WeirAccess", "WeirTestKit", nioCore, jwtKit]),
        tests(
            "WeirStorageTests",
            ["WeirCore", "WeirWire", "WeirAccess", "WeirStorage", "WeirDrivers", "WeirTestKit", logging]),
        tests("WeirCoordinationTests", ["WeirCore", "WeirCoordination", "WeirTestKit"]),
        tests("WeirLimitsTests", ["WeirCore", "WeirCoordination", "WeirLimits", "WeirTestKit"]),
        tests("WeirRoutingTests", ["WeirCore", "WeirCoordination", "WeirRouting", "WeirTestKit"]),
        tests(
            "WeirDriversTests",
            [
                "WeirCore", "WeirCoordination", "WeirStorage", "WeirDrivers", "WeirTestKit", nioCore, nioPosix, nioSSL,
                logging,
            ]
        ),
        tests("WeirProvidersTests", ["WeirCore", "WeirProviders", "WeirTestKit", nioCore]),
        tests(
            "WeirPipelineTests",
            [
                "WeirCore", "WeirCoordination", "WeirAccess", "WeirLimits", "WeirRouting", "WeirProviders",
                "WeirPipeline", "WeirTestKit", nioCore,
            ]
        ),
        tests(
            "WeirHTTPTests",
            [
                "WeirCore", "WeirCoordination", "WeirAccess", "WeirLimits", "WeirRouting", "WeirProviders",
                "WeirPipeline", "WeirLoops", "WeirWire", "WeirHTTP", "WeirStorage", "WeirDrivers", "WeirTestKit",
                nioCore, logging,
            ]
        ),
        tests("WeirCoreTests", ["WeirCore"]),
        tests(
            "WeirWireTests",
            [
                "WeirCore", "WeirWire", nioCore, .product(name: "NIOHTTP1", package: "swift-nio"),
                nioEmbedded,
            ]
        ),
        tests("WeirConfigTests", ["WeirCore", "WeirConfig"]),
        tests("WeirAccountingTests", ["WeirCore", "WeirAccounting"]),
        tests("WeirTelemetryTests", ["WeirCore", "WeirTelemetry"]),
        tests(
            "WeirServerTests",
            [
                "WeirCore", "WeirConfig", "WeirLoops", "WeirTransport", "WeirAccess", "WeirRouting", "WeirProviders",
                "WeirPipeline", "WeirDrivers", "WeirTelemetry", "WeirHTTP", "WeirServer", "WeirTestKit", nioCore,
                logging,
            ]
        ),
    ]
)
