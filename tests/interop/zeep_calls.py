"""Every published WSDL, loaded into zeep (a SOAP client that nobody here wrote), calls a running server.

Usage: zeep_calls.py PROGRAM SHARED_FOLDER
Exit status: 0 all passed, 1 something failed, 77 skipped because the WSDLs are not there.
"""

import datetime
import os
import re
import subprocess
import sys
import tempfile
import uuid

import zeep
import zeep.exceptions
import zeep.plugins

program, shared = sys.argv[1], sys.argv[2]
wsdls = os.path.join(shared, "protocol", "wsdl")
if not os.path.isdir(wsdls):
    print("The published WSDLs are not on this machine: skipped.")
    sys.exit(77)


history = zeep.plugins.HistoryPlugin()


def service(name, port, path, version):
    """The service of a WSDL at our address, over SOAP 1.1 or 1.2."""
    client = zeep.Client(os.path.join(wsdls, name), plugins=[history])
    binding = next(b for b in client.wsdl.bindings if b.endswith("12") == (version == "1.2"))
    return client.create_service(binding, f"http://127.0.0.1:{port}{path}")


def expect_fault(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except zeep.exceptions.Fault:
        # From the message itself: the Detail of SOAP 1.2 has no namespace here ([MS-WSUSSS] 2.2.9.2), so that zeep
        # does not take it for one.
        found = history.last_received["envelope"].findtext(".//ErrorCode")
        assert found == code, f"expected the fault {code}, got {found}"
        return
    raise AssertionError(f"expected the fault {code}, got an answer")


def plain(ticket):
    """An authorization cookie without the type of the service that gave it."""
    return {"PlugInId": ticket.PlugInId, "CookieData": ticket.CookieData}


def downstream(port, version):
    auth = service("DssAuth.wsdl", port, "/DssAuthWebService/DssAuthWebService.asmx", version)
    sync = service("ServerSync.wsdl", port, "/serversyncwebservice/SERVERSYNCWEBSERVICE.asmx", version)
    config = sync.GetAuthConfig()
    assert config.AuthInfo.AuthPlugInInfo[0].PlugInID == "DssTargeting"
    expect_fault("InvalidParameters", auth.GetAuthorizationCookie, accountName="a.example", accountGuid="no")
    ticket = auth.GetAuthorizationCookie(accountName="a.example", accountGuid=str(uuid.uuid4()))
    ticket = plain(ticket)
    expect_fault("IncompatibleProtocolVersion", sync.GetCookie,
                 authCookies={"AuthorizationCookie": [ticket]}, protocolVersion="2.0")
    cookie = sync.GetCookie(authCookies={"AuthorizationCookie": [ticket]}, protocolVersion="1.20")
    assert cookie.EncryptedData
    data = sync.GetConfigData(cookie=cookie)
    assert data.MaxNumberOfUpdatesPerRequest == 100 and len(data.LanguageUpdateList.ServerSyncLanguageData) == 39
    short = sync.GetConfigData(cookie=cookie, configAnchor=data.NewConfigAnchor)
    assert not short.LanguageUpdateList
    flags = {"GetConfig": True, "Get63LanguageOnly": False}
    categories = sync.GetRevisionIdList(cookie=cookie, filter=flags)
    flags["GetConfig"] = False
    updates = sync.GetRevisionIdList(cookie=cookie, filter=flags)
    identities = categories.NewRevisions.UpdateIdentity + updates.NewRevisions.UpdateIdentity
    assert len(identities) == 300, len(identities)
    again = sync.GetRevisionIdList(cookie=cookie, filter={**flags, "Anchor": updates.Anchor})
    assert not again.NewRevisions
    expect_fault("InvalidParameters", sync.GetRevisionIdList, cookie=cookie, filter={**flags, "Anchor": "garbage"})
    documents = sync.GetUpdateData(cookie=cookie, updateIds={"UpdateIdentity": identities[:100]})
    assert len(documents.updates.ServerSyncUpdateData) == 100
    expect_fault("InvalidParameters", sync.GetUpdateData, cookie=cookie,
                 updateIds={"UpdateIdentity": identities[:101]})
    expect_fault("InternalServerError", sync.GetUpdateData, cookie=cookie,
                 updateIds={"UpdateIdentity": [{"UpdateID": str(uuid.uuid4()), "RevisionNumber": 1}]})
    forged = {"Expiration": cookie.Expiration, "EncryptedData": bytes(100)}
    expect_fault("InvalidCookie", sync.GetConfigData, cookie=forged)
    return [{"UpdateID": i.UpdateID, "RevisionNumber": i.RevisionNumber} for i in identities]


def agent(port, version, identities):
    simple = service("SimpleAuth.wsdl", port, "/SimpleAuthWebService/SimpleAuth.asmx", version)
    client = service("Client.wsdl", port, "/ClientWebService/client.asmx", version)
    reporting = service("ClientReporting.wsdl", port, "/ReportingWebService/ReportingWebService.asmx",
                        version)
    now = datetime.datetime.now(datetime.timezone.utc)
    config = client.GetConfig(protocolVersion="2.90")
    assert {p.Name: p.Value for p in config.Properties.ConfigurationProperty}["ProtocolVersion"] == "3.2"
    computer = str(uuid.uuid4())
    ticket = simple.GetAuthorizationCookie(clientId=computer, dnsName="pc.example")
    ticket = plain(ticket)
    asked = {"authCookies": {"AuthorizationCookie": [ticket]}, "currentTime": now, "protocolVersion": "2.90"}
    expect_fault("ConfigChanged", client.GetCookie, lastChange=now, **asked)
    cookie = client.GetCookie(lastChange=config.LastChange, **asked)
    parameters = {"ExpressQuery": False, "SkipSoftwareSync": False}
    expect_fault("RegistrationRequired", client.SyncUpdates, cookie=cookie, parameters=parameters)
    info = {name: 0 for name in (
        "OSMajorVersion OSMinorVersion OSBuildNumber OSServicePackMajorNumber OSServicePackMinorNumber SuiteMask "
        "OldProductType NewProductType SystemMetrics ClientVersionMajorNumber ClientVersionMinorNumber "
        "ClientVersionBuildNumber ClientVersionQfeNumber").split()}
    client.RegisterComputer(cookie=cookie, computerInfo={**info, "DnsName": "pc.example", "BiosReleaseDate": now})
    first = client.SyncUpdates(cookie=cookie, parameters=parameters)
    ids = [update.ID for update in first.NewUpdates.UpdateInfo]
    assert ids and first.NewCookie.Expiration == cookie.Expiration
    expect_fault("InvalidParameters", client.SyncUpdates, cookie=cookie,
                 parameters={**parameters, "InstalledNonLeafUpdateIDs": {"int": [1] * 401}})
    none = client.SyncUpdates(cookie=first.NewCookie, parameters={
        **parameters, "OtherCachedUpdateIDs": {"int": ids + [999999]}})
    assert none.OutOfScopeRevisionIDs.int == [999999]
    extended = client.GetExtendedUpdateInfo(
        cookie=cookie, revisionIDs={"int": ids[:50]}, locales={"string": ["en-US", "en"]},
        infoTypes={"XmlUpdateFragmentType": ["Extended", "LocalizedProperties"]})
    assert len(extended.Updates.Update) >= len(ids[:50])
    refreshed = client.RefreshCache(cookie=cookie, globalIDs={"UpdateIdentity": identities[:200]}) + client.RefreshCache(
        cookie=cookie, globalIDs={"UpdateIdentity": identities[200:]})
    known = {entry.RevisionID: entry for entry in refreshed}
    assert set(ids) <= set(known) and len(known) == len(refreshed)
    assert all(known[u.ID].IsLeaf == u.IsLeaf and known[u.ID].Deployment.Action == u.Deployment.Action
               for u in first.NewUpdates.UpdateInfo)
    unknown = {"UpdateID": str(uuid.uuid4()), "RevisionNumber": 1}
    assert not client.RefreshCache(cookie=cookie, globalIDs={"UpdateIdentity": [unknown]})
    # The published WSDL has the messages of this one and binds them to no address; ours does.
    own = zeep.Client(f"http://127.0.0.1:{port}/ClientWebService/client.asmx?wsdl").service
    two = own.GetExtendedUpdateInfo2(
        cookie={"Expiration": cookie.Expiration, "EncryptedData": cookie.EncryptedData}, updateIDs={"UpdateIdentity": identities[:20]}, locales={"string": ["en"]},
        infoTypes={"XmlUpdateFragmentType": ["FileUrl", "FileDecryption"]})
    assert not two.FileDecryptionData
    scan = client.StartCategoryScan(requestedCategories={"CategoryRelationship": [
        {"IndexOfAndGroup": 0, "CategoryId": str(uuid.uuid4())}]})
    assert len(scan.requestedCategoryIdsInError.guid) == 1
    assert not client.GetFileLocations(cookie=cookie, fileDigests={"base64Binary": [bytes(20)]}).FileLocations
    expect_fault("InvalidParameters", client.GetFileLocations, cookie=cookie,
                 fileDigests={"base64Binary": [bytes(19)]})
    cookie = {"Expiration": cookie.Expiration, "EncryptedData": cookie.EncryptedData}
    version = {name: 0 for name in "Major Minor Build Revision ServicePackMajor ServicePackMinor".split()}
    event = {
        "BasicData": {"TargetID": {"Sid": computer}, "SequenceNumber": 0, "TimeAtTarget": now,
                      "EventInstanceID": str(uuid.uuid4()), "NamespaceID": 1, "EventID": 147, "SourceID": 101,
                      "Win32HResult": 0},
        "ExtendedData": {"ProcessorArchitecture": "Amd64Compatible", "OSVersion": version, "OSLocaleID": 1033},
        "PrivateData": {},
    }
    batch = {"ReportingEvent": [event]}
    assert reporting.ReportEventBatch(cookie=cookie, clientTime=now, eventBatch=batch) is True
    expect_fault("InvalidParameters", reporting.ReportEventBatch, cookie=cookie, clientTime=now)
    expect_fault("InternalServerError", reporting.GetRequiredInventoryType, cookie=cookie,
                 rulesId=str(uuid.uuid4()))


def own_descriptions(port):
    """zeep loads what we say of ourselves, too."""
    for path in ("/ClientWebService/client.asmx", "/SimpleAuthWebService/SimpleAuth.asmx",
                 "/ReportingWebService/ReportingWebService.asmx", "/DssAuthWebService/DssAuthWebService.asmx",
                 "/ServerSyncWebService/ServerSyncWebService.asmx"):
        zeep.Client(f"http://127.0.0.1:{port}{path}?wsdl")


def main():
    with tempfile.TemporaryDirectory() as data:
        subprocess.run([program, "sample-catalog", "--updates", "300", "--data", data], check=True)
        server = subprocess.Popen([program, "serve", "--data", data, "--address", "127.0.0.1", "--port", "0"],
                                  stdout=subprocess.PIPE, text=True)
        try:
            port = re.search(r":(\d+)$", server.stdout.readline().strip()).group(1)
            for version in ("1.1", "1.2"):
                identities = downstream(port, version)
                agent(port, version, identities)
            own_descriptions(port)
        finally:
            server.terminate()
            assert server.wait(timeout=30) == 0
    print("All calls were answered as the WSDLs and the specifications say.")


main()
