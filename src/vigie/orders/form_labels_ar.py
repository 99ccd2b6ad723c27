"""The words of Annexes I, II and III in Arabic; `form_labels` puts them beside the other languages.

Arabic is no language of the Official Journal: these words help to read a form; its text in another one prevails.
"""

ORDER = {
    "issuing_state": "الدولة العضو للسلطة المُصدِرة",
    "addressee": "المرسَل إليه وممثله القانوني",
    "contact_point": "نقطة الاتصال",
    "home_state": "الدولة العضو للمؤسسة الرئيسية أو للممثل القانوني",
    "issued_at": "وقت الإصدار وتاريخه",
    "reference": "الرقم المرجعي لأمر الإزالة",
    "urls": "عنوان URL",
    "locating_information": "معلومات أخرى لتحديد الموقع",
    "legal_types": "مواد المادة 2 (7)، النقاط",
    "additional_reasons": "أسباب إضافية",
    "do_not_inform": "يجب على المرسَل إليه الامتناع عن إبلاغ مقدِّم المحتوى",
    "home_state_differs": "دولة المؤسسة الرئيسية تختلف عن الدولة العضو المُصدِرة",
    "copy_sent": "أُرسلت نسخة إلى السلطة في دولة المؤسسة الرئيسية",
    "authority_kind": "نوع السلطة",
    "authority": "السلطة المُصدِرة",
    "representative": "الممثل ومنصبه ورتبته",
    "file_number": "رقم الملف",
    "address": "العنوان",
    "telephone": "الهاتف",
    "fax": "الفاكس",
    "email": "البريد الإلكتروني",
    "signed_at": "تاريخ التوقيع",
    "follow_up_contact": "جهة الاتصال للمتابعة",
    "home_authority_contact": "جهة الاتصال في سلطة دولة المؤسسة الرئيسية",
    "redress_body": "الهيئة أو المحكمة المختصة",
    "redress_deadline": "مهلة الطعن",
    "redress_provisions": "الأحكام الوطنية بشأن الطعن",
}

ANSWER = {
    "addressee": "المرسَل إليه",
    "authority": "السلطة المُصدِرة",
    "authority_reference": "مرجع ملف السلطة",
    "addressee_reference": "مرجع ملف المرسَل إليه",
    "received_at": "وقت استلام أمر الإزالة وتاريخه",
    "removed": "أُزيل المحتوى الإرهابي",
    "disabled": "عُطِّل الوصول إلى المحتوى الإرهابي في جميع الدول الأعضاء",
    "measure_at": "وقت التدبير وتاريخه",
    "force_majeure": "قوة قاهرة أو استحالة فعلية لا تُعزى إلى مزوِّد خدمات الاستضافة",
    "manifest_errors": "يتضمن أمر الإزالة أخطاء واضحة",
    "insufficient_information": "لا يتضمن أمر الإزالة معلومات كافية",
    "reasons": "أسباب أخرى",
    "needed": "الأخطاء، أو التوضيح اللازم",
    "representative": "مزوِّد خدمات الاستضافة أو ممثله القانوني",
    "member_state": "الدولة العضو",
    "authorised_person": "الشخص المفوَّض",
    "contact_email": "البريد الإلكتروني لنقطة الاتصال",
    "signed_at": "التاريخ",
}

TITLES = {
    "annex_i": "أمر إزالة",
    "annex_ii": "إفادة بعد إزالة المحتوى الإرهابي أو تعطيل الوصول إليه",
    "annex_iii": "معلومات عن استحالة تنفيذ أمر الإزالة",
    "annex": "الملحق",
    "section": "القسم",
}
