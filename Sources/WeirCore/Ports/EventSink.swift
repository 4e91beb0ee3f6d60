/// Takes the event of each request once it has ended. Called on the request's loop, after the last byte was written; nobody
/// waits for it, so it must neither block nor await.
package protocol EventSink: AnyObject {
    /// A request was read and is being served.
    func requestStarted()
    /// It has ended, in whichever way.
    func requestEnded(_ event: RequestEvent)
}
