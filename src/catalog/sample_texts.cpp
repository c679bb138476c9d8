#include "catalog/sample_texts.hpp"

#include <array>

namespace headwater::catalog::sample {
namespace {

/// {k} stands for the noun, {p} for the product.
struct Language {
    std::string_view code;
    std::array<std::string_view, 7> nouns;  ///< from Noun::kCumulative on
    std::string_view title;
    std::string_view security;
    std::string_view quality;
    std::string_view uninstall;
};

constexpr std::array<Language, kLanguageCount> kLanguages = {{
    {"ar",
     {"تحديث تراكمي", "تحديث أمان", "تحديث تعريفات", "تحديث", "حزمة خدمة", "برنامج تشغيل",
      "حزمة ميزات"},
     "{k} لـ {p}",
     "يحل هذا التحديث مشكلة أمان في {p}. قد يلزم إعادة التشغيل.",
     "يحسّن هذا التحديث موثوقية {p}.",
     "يمكن إزالة هذا التحديث من قائمة التحديثات المثبتة."},
    {"cs",
     {"Kumulativní aktualizace", "Aktualizace zabezpečení", "Aktualizace definic", "Aktualizace",
      "Aktualizace Service Pack", "Ovladač", "Balíček funkcí"},
     "{k} pro {p}",
     "Tato aktualizace odstraňuje chybu zabezpečení v {p}. Může být nutné restartování.",
     "Tato aktualizace zvyšuje spolehlivost {p}.",
     "Aktualizaci lze odebrat v seznamu nainstalovaných aktualizací."},
    {"da",
     {"Samlet opdatering", "Sikkerhedsopdatering", "Definitionsopdatering", "Opdatering",
      "Servicepakke", "Driver", "Funktionspakke"},
     "{k} til {p}",
     "Opdateringen løser et sikkerhedsproblem i {p}. En genstart kan være nødvendig.",
     "Opdateringen gør {p} mere pålidelig.",
     "Opdateringen kan fjernes på listen over installerede opdateringer."},
    {"de",
     {"Kumulatives Update", "Sicherheitsupdate", "Definitionsupdate", "Update", "Service Pack",
      "Treiber", "Featurepaket"},
     "{k} für {p}",
     "Dieses Update behebt ein Sicherheitsproblem in {p}. Ein Neustart kann nötig sein.",
     "Dieses Update macht {p} zuverlässiger.",
     "Das Update lässt sich in der Liste der installierten Updates entfernen."},
    {"el",
     {"Αθροιστική ενημέρωση", "Ενημέρωση ασφαλείας", "Ενημέρωση ορισμών", "Ενημέρωση",
      "Πακέτο υπηρεσιών", "Πρόγραμμα οδήγησης", "Πακέτο δυνατοτήτων"},
     "{k} για {p}",
     "Η ενημέρωση διορθώνει ένα πρόβλημα ασφαλείας στο {p}. Ίσως χρειαστεί επανεκκίνηση.",
     "Η ενημέρωση βελτιώνει την αξιοπιστία του {p}.",
     "Η ενημέρωση καταργείται από τη λίστα εγκατεστημένων ενημερώσεων."},
    {"en",
     {"Cumulative Update", "Security Update", "Definition Update", "Update", "Service Pack",
      "Driver", "Feature Pack"},
     "{k} for {p}",
     "This update closes a security problem in {p}. A restart may be needed.",
     "This update makes {p} more reliable.",
     "The update can be removed in the list of installed updates."},
    {"es",
     {"Actualización acumulativa", "Actualización de seguridad", "Actualización de definiciones",
      "Actualización", "Paquete de servicio", "Controlador", "Paquete de características"},
     "{k} para {p}",
     "Esta actualización corrige un problema de seguridad de {p}. Puede hacer falta reiniciar.",
     "Esta actualización mejora la fiabilidad de {p}.",
     "La actualización se puede quitar en la lista de actualizaciones instaladas."},
    {"fi",
     {"Kumulatiivinen päivitys", "Suojauspäivitys", "Määrityspäivitys", "Päivitys", "Huoltopaketti",
      "Ohjain", "Ominaisuuspaketti"},
     "{k}: {p}",
     "Päivitys korjaa tuotteen {p} suojausongelman. Uudelleenkäynnistys voi olla tarpeen.",
     "Päivitys parantaa tuotteen {p} luotettavuutta.",
     "Päivityksen voi poistaa asennettujen päivitysten luettelosta."},
    {"fr",
     {"Mise à jour cumulative", "Mise à jour de sécurité", "Mise à jour des définitions",
      "Mise à jour", "Service Pack", "Pilote", "Pack de fonctionnalités"},
     "{k} pour {p}",
     "Cette mise à jour corrige un problème de sécurité de {p}. Un redémarrage peut être requis.",
     "Cette mise à jour améliore la fiabilité de {p}.",
     "La mise à jour peut être supprimée dans la liste des mises à jour installées."},
    {"he",
     {"עדכון מצטבר", "עדכון אבטחה", "עדכון הגדרות", "עדכון", "חבילת שירות", "מנהל התקן",
      "חבילת תכונות"},
     "{k} עבור {p}",
     "עדכון זה פותר בעיית אבטחה ב-{p}. ייתכן שתידרש הפעלה מחדש.",
     "עדכון זה משפר את האמינות של {p}.",
     "ניתן להסיר את העדכון ברשימת העדכונים המותקנים."},
    {"hu",
     {"Összegző frissítés", "Biztonsági frissítés", "Definíciófrissítés", "Frissítés",
      "Szervizcsomag", "Illesztőprogram", "Szolgáltatáscsomag"},
     "{k} a következőhöz: {p}",
     "A frissítés a(z) {p} egy biztonsági hibáját javítja. Újraindításra lehet szükség.",
     "A frissítés megbízhatóbbá teszi a következőt: {p}.",
     "A frissítés a telepített frissítések listájából eltávolítható."},
    {"it",
     {"Aggiornamento cumulativo", "Aggiornamento della sicurezza",
      "Aggiornamento delle definizioni", "Aggiornamento", "Service Pack", "Driver",
      "Pacchetto di funzionalità"},
     "{k} per {p}",
     "Questo aggiornamento risolve un problema di sicurezza di {p}. Può servire un riavvio.",
     "Questo aggiornamento migliora l'affidabilità di {p}.",
     "L'aggiornamento si rimuove dall'elenco degli aggiornamenti installati."},
    {"ja",
     {"累積更新プログラム", "セキュリティ更新プログラム", "定義の更新", "更新プログラム",
      "サービス パック", "ドライバー", "機能パック"},
     "{p} 用 {k}",
     "この更新は {p} のセキュリティの問題を解決します。再起動が必要な場合があります。",
     "この更新は {p} の信頼性を高めます。",
     "この更新はインストールされた更新の一覧から削除できます。"},
    {"ko",
     {"누적 업데이트", "보안 업데이트", "정의 업데이트", "업데이트", "서비스 팩", "드라이버",
      "기능 팩"},
     "{p}용 {k}",
     "이 업데이트는 {p}의 보안 문제를 해결합니다. 다시 시작해야 할 수 있습니다.",
     "이 업데이트는 {p}의 안정성을 높입니다.",
     "설치된 업데이트 목록에서 이 업데이트를 제거할 수 있습니다."},
    {"nl",
     {"Cumulatieve update", "Beveiligingsupdate", "Definitie-update", "Update", "Servicepack",
      "Stuurprogramma", "Functiepakket"},
     "{k} voor {p}",
     "Deze update verhelpt een beveiligingsprobleem in {p}. Opnieuw opstarten kan nodig zijn.",
     "Deze update maakt {p} betrouwbaarder.",
     "De update kan worden verwijderd in de lijst met geïnstalleerde updates."},
    {"no",
     {"Samleoppdatering", "Sikkerhetsoppdatering", "Definisjonsoppdatering", "Oppdatering",
      "Oppdateringspakke", "Driver", "Funksjonspakke"},
     "{k} for {p}",
     "Oppdateringen løser et sikkerhetsproblem i {p}. Omstart kan være nødvendig.",
     "Oppdateringen gjør {p} mer pålitelig.",
     "Oppdateringen kan fjernes fra listen over installerte oppdateringer."},
    {"pl",
     {"Aktualizacja zbiorcza", "Aktualizacja zabezpieczeń", "Aktualizacja definicji",
      "Aktualizacja", "Dodatek Service Pack", "Sterownik", "Pakiet funkcji"},
     "{k} dla {p}",
     "Ta aktualizacja usuwa problem z zabezpieczeniami {p}. Może być konieczny restart.",
     "Ta aktualizacja zwiększa niezawodność {p}.",
     "Aktualizację można usunąć na liście zainstalowanych aktualizacji."},
    {"pt",
     {"Atualização cumulativa", "Atualização de segurança", "Atualização de definições",
      "Atualização", "Pacote de serviço", "Controlador", "Pacote de funcionalidades"},
     "{k} para {p}",
     "Esta atualização resolve um problema de segurança do {p}. Pode ser preciso reiniciar.",
     "Esta atualização melhora a fiabilidade do {p}.",
     "A atualização pode ser removida na lista de atualizações instaladas."},
    {"pt-br",
     {"Atualização cumulativa", "Atualização de segurança", "Atualização de definições",
      "Atualização", "Service Pack", "Driver", "Pacote de recursos"},
     "{k} para {p}",
     "Esta atualização corrige um problema de segurança do {p}. Talvez seja preciso reiniciar.",
     "Esta atualização aumenta a confiabilidade do {p}.",
     "A atualização pode ser removida na lista de atualizações instaladas."},
    {"ru",
     {"Накопительное обновление", "Обновление безопасности", "Обновление определений", "Обновление",
      "Пакет обновления", "Драйвер", "Пакет компонентов"},
     "{k} для {p}",
     "Это обновление устраняет проблему безопасности в {p}. Может потребоваться перезагрузка.",
     "Это обновление повышает надёжность {p}.",
     "Обновление можно удалить в списке установленных обновлений."},
    {"sv",
     {"Kumulativ uppdatering", "Säkerhetsuppdatering", "Definitionsuppdatering", "Uppdatering",
      "Servicepaket", "Drivrutin", "Funktionspaket"},
     "{k} för {p}",
     "Uppdateringen åtgärdar ett säkerhetsproblem i {p}. En omstart kan behövas.",
     "Uppdateringen gör {p} mer tillförlitligt.",
     "Uppdateringen kan tas bort i listan över installerade uppdateringar."},
    {"tr",
     {"Toplu güncelleştirme", "Güvenlik güncelleştirmesi", "Tanım güncelleştirmesi",
      "Güncelleştirme", "Hizmet paketi", "Sürücü", "Özellik paketi"},
     "{p} için {k}",
     "Bu güncelleştirme {p} içindeki bir güvenlik sorununu giderir. Yeniden başlatma gerekebilir.",
     "Bu güncelleştirme {p} ürününü daha güvenilir yapar.",
     "Güncelleştirme, yüklü güncelleştirmeler listesinden kaldırılabilir."},
    {"uk",
     {"Накопичувальне оновлення", "Оновлення безпеки", "Оновлення визначень", "Оновлення",
      "Пакет оновлень", "Драйвер", "Пакет функцій"},
     "{k} для {p}",
     "Це оновлення усуває проблему безпеки в {p}. Може знадобитися перезавантаження.",
     "Це оновлення підвищує надійність {p}.",
     "Оновлення можна видалити у списку встановлених оновлень."},
    {"zh-cn",
     {"累积更新", "安全更新", "定义更新", "更新", "服务包", "驱动程序", "功能包"},
     "适用于 {p} 的{k}",
     "此更新解决 {p} 中的一个安全问题。可能需要重新启动。",
     "此更新提高 {p} 的可靠性。",
     "可以在已安装更新的列表中删除此更新。"},
    {"zh-tw",
     {"累積更新", "安全性更新", "定義更新", "更新", "服務套件", "驅動程式", "功能套件"},
     "適用於 {p} 的{k}",
     "此更新解決 {p} 的一個安全性問題。可能需要重新啟動。",
     "此更新提高 {p} 的可靠性。",
     "可以在已安裝的更新清單中移除此更新。"},
}};

static_assert(kLanguages[kEnglish].code == "en");

void append_pattern(std::string& out, std::string_view pattern, std::string_view noun,
                    std::string_view product) {
    while (true) {
        const std::size_t brace = pattern.find('{');
        out += pattern.substr(0, brace);
        if (brace == std::string_view::npos) {
            return;
        }
        out += pattern[brace + 1] == 'k' ? noun : product;
        pattern.remove_prefix(brace + 3);
    }
}

}  // namespace

std::string_view language_code(std::size_t language) {
    return kLanguages[language].code;
}

std::string title_in(std::size_t language, const Wording& wording) {
    if (wording.noun == Noun::kName) {
        return wording.prefix + wording.subject + wording.suffix;
    }
    const Language& words = kLanguages[language];
    const auto noun = static_cast<std::size_t>(wording.noun) - 1;
    std::string title = wording.prefix;
    append_pattern(title, words.title, words.nouns[noun], wording.subject);
    title += wording.suffix;
    return title;
}

std::string description_in(std::size_t language, const Wording& wording) {
    if (wording.noun == Noun::kName) {
        return wording.subject;
    }
    const Language& words = kLanguages[language];
    const bool security = wording.noun == Noun::kSecurity || wording.noun == Noun::kCumulative;
    std::string description;
    append_pattern(description, security ? words.security : words.quality, {}, wording.subject);
    return description;
}

std::string_view uninstall_notes_in(std::size_t language) {
    return kLanguages[language].uninstall;
}

}  // namespace headwater::catalog::sample
