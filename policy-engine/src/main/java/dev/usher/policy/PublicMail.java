package dev.usher.policy;

import java.util.Set;

/** Domains where anybody can have an address. */
final class PublicMail {
  private static final Set<String> DOMAINS =
      Set.of(
          ("10minutemail.com 126.com 139.com 163.com 189.cn 21cn.com aim.com alice.it aliyun.com "
                  + "aol.com arcor.de att.net bell.net bellsouth.net bigpond.com bk.ru bluewin.ch "
                  + "bol.com.br btinternet.com centurylink.net charter.net comcast.net cox.net "
                  + "daum.net duck.com earthlink.net email.com fastmail.com fastmail.fm foxmail.com "
                  + "free.fr freenet.de frontier.com gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net "
                  + "googlemail.com guerrillamail.com hanmail.net hey.com hotmail.co.uk hotmail.com "
                  + "hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com ig.com.br "
                  + "inbox.lv inbox.ru interia.pl juno.com laposte.net libero.it list.ru live.co.uk "
                  + "live.com live.de live.fr live.it live.nl mac.com mail.com mail.de mail.ru "
                  + "mailbox.org mailinator.com me.com msn.com mweb.co.za myyahoo.com naver.com "
                  + "neuf.fr o2.pl onet.pl ono.com optonline.net orange.fr outlook.com outlook.de "
                  + "outlook.es outlook.fr pm.me pobox.com posteo.de proton.me protonmail.ch "
                  + "protonmail.com qq.com rambler.ru rediffmail.com rocketmail.com rogers.com "
                  + "runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.cn sina.com "
                  + "skynet.be sky.com sohu.com startmail.com sunrise.ch swissonline.ch sympatico.ca "
                  + "t-online.de talktalk.net telenet.be tempmail.com terra.com.br tin.it tiscali.it "
                  + "tuta.com tutanota.com ukr.net uol.com.br verizon.net videotron.ca virgilio.it "
                  + "virgin.net virginmedia.com wanadoo.fr web.de wp.pl xtra.co.nz ya.ru yahoo.ca "
                  + "yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au yahoo.com.br "
                  + "yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com yandex.ru yeah.net "
                  + "ymail.com yopmail.com zoho.com zohomail.com")
              .split(" "));

  private PublicMail() {}

  static boolean contains(String domain) {
    return DOMAINS.contains(domain);
  }
}
